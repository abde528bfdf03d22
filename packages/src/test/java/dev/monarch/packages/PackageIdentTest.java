package dev.monarch.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PackageIdentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme/web",
        "acme/Web_2-x/1.2.3",
        "acme/web/1.2.3/20260101000000",
        "0-a_b/web/.hidden/...",
        "acme/web/1.0 beta/äöü",
      })
  void anIdentIsWrittenAsItWasRead(String text) throws MalformedIdentException {
    assertThat(PackageIdent.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web",
        "acme/",
        "/web",
        "acme/web/",
        "acme/web/1.0/",
        "acme/web/1.0/2/3",
        "Acme/web",
        "_acme/web",
        "acme/we.b",
        "../web",
        "acme/..",
        "acme/web/..",
        "acme/web/1.0/.",
        "acme/web/1\\0",
        "acme/web/1\0",
        " acme/web",
        "acme/web\n",
      })
  void whatCannotNameAPackageIsRefusedInOneLine(String text) {
    assertThatExceptionOfType(MalformedIdentException.class)
        .isThrownBy(() -> PackageIdent.parse(text))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith("Invalid package identifier: \"")
                    .contains("A valid identifier is in the form origin/name")
                    .doesNotContain("\n", "\0"));
  }

  @Test
  void anOriginHasAtMost255Characters() throws MalformedIdentException {
    assertThat(PackageIdent.parse("a".repeat(255) + "/web").name()).isEqualTo("web");
    assertThatExceptionOfType(MalformedIdentException.class)
        .isThrownBy(() -> PackageIdent.parse("a".repeat(256) + "/web"));
  }

  @Test
  void aReleaseWithoutAVersionDoesNotExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new PackageIdent("acme", "web", Optional.empty(), Optional.of("20260101000000")));
  }

  @ParameterizedTest
  @CsvSource({
    "acme/web, true",
    "acme/web/1.0, true",
    "acme/web/1.0/20260101000000, true",
    "acme/web/1.0.0, false",
    "acme/web/1.0/20260101000001, false",
    "acme/api, false",
    "core/web, false",
  })
  void aReleaseSatisfiesWhatNamesItAndNoMore(String wanted, boolean satisfied)
      throws MalformedIdentException {
    PackageIdent release = PackageIdent.parse("acme/web/1.0/20260101000000");

    assertThat(release.satisfies(PackageIdent.parse(wanted))).isEqualTo(satisfied);
  }

  @ParameterizedTest
  @CsvSource({
    "acme/web, acme/web/0",
    "acme/web/1.0, acme/web/1.0/0",
    "acme/web/1.0/20260101000000, acme/web/1.0.0/20260101000001",
    "acme/web/1.9/20260101000001, acme/web/1.10/20260101000000",
    "zeta/zulu/1.0, acme/web/1.1",
  })
  void theOlderComesFirst(String older, String newer) throws MalformedIdentException {
    PackageIdent one = PackageIdent.parse(older);
    PackageIdent other = PackageIdent.parse(newer);

    assertThat(PackageIdent.AGE.compare(one, other)).isNegative();
    assertThat(PackageIdent.AGE.compare(other, one)).isPositive();
  }
}
