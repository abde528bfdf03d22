package dev.monarch.packages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PackageVersionTest {
  /** The table of crypto-and-packages.md 6.3, row by row. */
  @ParameterizedTest
  @CsvSource({
    "1.0, =, 1.0.0",
    "1.10, >, 1.9",
    "01.2, =, 1.2",
    "1.2.3.4, >, 1.2.3",
    "1.0.0-rc1, <, 1.0.0",
    "1.0.2k, <, 1.0.2",
    "1.0.2k, >, 1.0.2a",
    "9.9-1, <, 9.9",
    "1.0.0+b1, <, 1.0.0",
    "1.0.0-alpha10, <, 1.0.0-alpha2",
    "1.2.3-beta.2, >, 1.2.3-beta.11",
    "1.0.0-A, <, 1.0.0-a",
    "1.0--a, <, 1.0-a",
    "2016i, <, 2016j",
    "20260101, >, 20251231",
    "v1.2.3, =, 1.2.3",
    "release-5, >, 4",
    "r5, <, r10",
    "1.2., <, 2.0",
    "1.2., >, 1.2",
    "1..2, <, 1.3",
    "5.0.0.RELEASE, <, 5.0.1",
    "5.0.0.RELEASE, >, 5.0.0",
    "18446744073709551616, >, 1",
    "18446744073709551615, >, 9223372036854775807",
    "master, >, 1.0",
    "٣.1, >, 3.1",
    "1.0-𝒂, >, 1.0-￮",
  })
  void theLaterVersionIsGreaterWhicheverSideItStands(String a, char relation, String b) {
    int order =
        switch (relation) {
          case '<' -> -1;
          case '=' -> 0;
          case '>' -> 1;
          default -> throw new IllegalArgumentException("no relation: " + relation);
        };

    assertThat(Integer.signum(PackageVersion.ORDER.compare(a, b))).isEqualTo(order);
    assertThat(Integer.signum(PackageVersion.ORDER.compare(b, a))).isEqualTo(-order);
  }
}
