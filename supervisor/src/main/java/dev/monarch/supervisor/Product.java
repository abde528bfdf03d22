package dev.monarch.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this program is called, and which version of which program it takes the place of. */
public final class Product {
  /** The original's version whose files, messages and command line this program understands. */
  public static final String COMPATIBLE = "2.1.78";

  private static final String VERSION = read();

  private Product() {}

  public static String version() {
    return VERSION;
  }

  /** The first line a Supervisor prints, in the original's form: package (identifier). */
  static String banner() {
    return "monarch/hab-sup (monarch/hab-sup/%s, compatible with chef/hab-sup/%s)"
        .formatted(VERSION, COMPATIBLE);
  }

  private static String read() {
    try (InputStream file = Product.class.getResourceAsStream("product.properties")) {
      if (file == null) {
        throw new IllegalStateException("product.properties is missing beside " + Product.class);
      }
      var properties = new Properties();
      properties.load(file);
      return properties.getProperty("version", "unknown");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
