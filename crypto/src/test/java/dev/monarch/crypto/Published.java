package dev.monarch.crypto;

/** The synthetic keys of the specification (crypto-and-packages.md 2.7). */
final class Published {
  static final String RING =
      "SYM-SEC-1\ndemo-20260102030405\n\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  static final String ORIGIN_SECRET =
      """
      SIG-SEC-1
      acme-20260102030405

      AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==\
      """;
  static final String ORIGIN_PUBLIC =
      "SIG-PUB-1\nacme-20260102030405\n\nA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
  static final String USER_SECRET =
      "BOX-SEC-1\nalice-20260102030405\n\nICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
  static final String USER_PUBLIC =
      "BOX-PUB-1\nalice-20260102030405\n\nNYBy1jZYgNGu6jKa35EhODhR7SGijjt16WXQ0s0WYlQ=";
  static final String SERVICE_SECRET =
      "BOX-SEC-1\nweb.default@acme-20260102030406\n\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
  static final String SERVICE_PUBLIC =
      "BOX-PUB-1\nweb.default@acme-20260102030406\n\neaYx7t4b+cmPEgMs3q3Q56B5OY/HhriMyEbsia+FpRo=";
  static final String BUILDER_SECRET =
      "BOX-SEC-1\nacme-20260102030407\n\ngIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=";
  static final String BUILDER_PUBLIC =
      "BOX-PUB-1\nacme-20260102030407\n\nST6C/HRGSlkmiBdiPSBTxeuOLMSpiLT+4XnsawENUx0=";

  private Published() {}
}
