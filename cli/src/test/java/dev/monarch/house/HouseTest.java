package dev.monarch.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.monarch.wire.control.Handshake;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The rules of docs/architecture.md that a compiler does not hold. */
class HouseTest {
  private static final String ROOT = "dev.monarch.";

  /** Where state machines live, which decide and touch nothing. */
  private static final String[] MACHINES = {ROOT + "butterfly..", ROOT + "supervisor.service.."};

  /** Each room, and the ones below it. */
  private static final Map<String, Set<String>> ROOMS =
      Map.of(
          "crypto", Set.of(),
          "wire", Set.of("crypto"),
          "butterfly", Set.of("wire", "crypto"),
          "simulator", Set.of("butterfly", "wire", "crypto"),
          "ring", Set.of("butterfly", "wire", "crypto"),
          "packages", Set.of("crypto"),
          "launcher", Set.of(),
          "supervisor", Set.of("ring", "packages", "launcher", "butterfly", "wire", "crypto"),
          "cli",
              Set.of("supervisor", "ring", "packages", "launcher", "butterfly", "wire", "crypto"));

  static final List<String> ROOM_NAMES = ROOMS.keySet().stream().sorted().toList();

  /** Rooms whose tests hand time in. */
  static final List<String> TIMELESS_ROOMS = List.of("wire", "butterfly", "simulator");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.monarch");

  private static String[] inside(Stream<String> rooms) {
    return rooms.map(room -> ROOT + room + "..").toArray(String[]::new);
  }

  @ParameterizedTest
  @FieldSource("ROOM_NAMES")
  void aRoomKnowsOnlyTheRoomsBelowIt(String room) {
    Set<String> below = ROOMS.getOrDefault(room, Set.of());
    String[] others =
        inside(ROOM_NAMES.stream().filter(other -> !other.equals(room) && !below.contains(other)));

    assertThat(HOUSE.stream().filter(one -> one.getPackageName().startsWith(ROOT + room)))
        .as("classes of %s that were looked at", room)
        .isNotEmpty();
    if (others.length > 0) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + room + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(HOUSE);
    }
  }

  @Test
  void bytesAreReadInTheirRoomOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "wire..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("dev\\.monarch\\.wire\\.(ProstReader|Draft|RefusedException)")
        .check(HOUSE);
  }

  @Test
  void everyClassLivesInARoom() {
    assertThat(HOUSE.stream().map(JavaClass::getPackageName))
        .allMatch(name -> ROOMS.containsKey(roomOf(name)) || roomOf(name).equals("checks"));
  }

  private static String roomOf(String packageName) {
    return packageName.substring(ROOT.length()).replaceFirst("\\..*", "");
  }

  @Test
  void aMachineTouchesNothingOutsideItself() {
    DescribedPredicate<JavaClass> outside =
        resideInAnyPackage(
                "java.net..",
                "java.io..",
                "java.nio..",
                "java.util.concurrent..",
                "java.util.logging..",
                "java.lang.foreign..",
                "java.lang.reflect..",
                "java.security..",
                "javax..",
                "org.slf4j..")
            .or(
                belongToAnyOf(
                    System.class,
                    System.Logger.class,
                    Thread.class,
                    ThreadLocal.class,
                    Runtime.class,
                    ProcessHandle.class,
                    Clock.class,
                    Random.class,
                    SplittableRandom.class,
                    RandomGeneratorFactory.class,
                    UUID.class))
            .and(
                DescribedPredicate.not(
                    belongToAnyOf(Serializable.class, Charset.class, StandardCharsets.class)))
            .as("threads, sockets, files, clocks, logs, or randomness of its own");

    noClasses()
        .that()
        .resideInAnyPackage(MACHINES)
        .should()
        .dependOnClassesThat(outside)
        .check(HOUSE);
  }

  @Test
  void aMachineIsHandedTimeAndRandomness() {
    noClasses()
        .that()
        .resideInAnyPackage(MACHINES)
        .should()
        .callMethodWhere(
            describe(
                "reads a clock or makes randomness",
                call ->
                    (call.getName().equals("now")
                            && call.getTargetOwner().getPackageName().equals("java.time"))
                        || (call.getTargetOwner().isEquivalentTo(Math.class)
                            && call.getName().equals("random"))
                        || (call.getTargetOwner().isEquivalentTo(RandomGenerator.class)
                            && Set.of("of", "getDefault").contains(call.getName()))
                        || (call.getTargetOwner().isEquivalentTo(Collections.class)
                            && call.getName().equals("shuffle")
                            && call.getTarget().getRawParameterTypes().size() == 1)))
        .check(HOUSE);
  }

  /** A clock that is set back must not move anything: it dates what is shown and nothing else. */
  @Test
  void theClockOfTheWorldIsReadWhereSomethingIsDatedAndNowhereElse() {
    noClasses()
        .that()
        .resideInAnyPackage(inside(Stream.of("supervisor", "ring", "launcher", "packages")))
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "supervisor.manager.Resident")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "supervisor.http.LeadershipDocument")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "launcher.LocalProcessHost")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "ring.Shell")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "ring.Audience$Seat")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "ring.Ring")
        .should()
        .callMethodWhere(
            describe(
                "reads the clock of the world",
                call ->
                    (call.getName().equals("now")
                            && call.getTargetOwner().getPackageName().equals("java.time"))
                        || call.getTargetOwner().isEquivalentTo(Clock.class)
                        || (call.getTargetOwner().isEquivalentTo(System.class)
                            && call.getName().equals("currentTimeMillis"))))
        .check(HOUSE);
  }

  @Test
  void aMachineHasNoStaticState() {
    DescribedPredicate<JavaField> written =
        describe("are static", field -> isStatic(field) && !isSynthetic(field));
    DescribedPredicate<JavaClass> mutable =
        describe(
            "could change",
            type ->
                type.isArray()
                    || type.getPackageName().startsWith("java.util.concurrent")
                    || (type.getPackageName().equals("java.util") && !type.isInterface()));

    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(MACHINES)
        .and(written)
        .should()
        .beFinal()
        .andShould()
        .notHaveRawType(mutable)
        .check(HOUSE);
  }

  private static boolean isStatic(JavaField field) {
    return field.getModifiers().contains(JavaModifier.STATIC);
  }

  private static boolean isSynthetic(JavaField field) {
    return field.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  /** One that ends at the first difference tells by its time how much was right. */
  @Test
  void whatSomebodyShowsIsComparedWithASecretInConstantTime() {
    List<String> comparing =
        List.of(
            ROOT + "supervisor.ctl.Conversation",
            ROOT + "supervisor.http.HttpGateway",
            ROOT + "crypto.Key",
            ROOT + "crypto.SecretBox");
    for (String name : comparing) {
      classes()
          .that()
          .haveFullyQualifiedName(name)
          .should()
          .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
          .check(HOUSE);
    }
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "wire..")
        .and()
        .doNotHaveFullyQualifiedName(comparing.getFirst())
        .should()
        .callMethod(Handshake.class, "secretKey")
        .check(HOUSE);
  }

  @Test
  void everyPackageSaysThatNothingInItIsNull() {
    Set<JavaPackage> packages =
        Stream.of(HOUSE.getPackage("dev.monarch"))
            .flatMap(root -> root.getSubpackagesInTree().stream())
            .filter(one -> !one.getClasses().isEmpty())
            .collect(Collectors.toSet());

    assertThat(packages).hasSizeGreaterThan(10);
    assertThat(packages)
        .allSatisfy(
            one -> assertThat(one.isAnnotatedWith(NullMarked.class)).as(one.getName()).isTrue());
  }

  @ParameterizedTest
  @FieldSource("TIMELESS_ROOMS")
  void noTestWaitsForTimeThatCouldBeHandedIn(String room) {
    Path tests = Path.of("..", room, "target", "test-classes");
    assertThat(tests).as("tests of %s, compiled before", room).isDirectory();

    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "sleeps",
                call ->
                    call.getTargetOwner().isEquivalentTo(Thread.class)
                        && call.getName().toLowerCase(Locale.ROOT).contains("sleep")))
        .allowEmptyShould(true)
        .check(new ClassFileImporter().importPath(tests));
  }
}
