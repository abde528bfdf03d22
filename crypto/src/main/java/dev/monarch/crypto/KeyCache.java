package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The directory keys are kept in, shared with the original's tools (crypto-and-packages.md 2.3 to
 * 2.5).
 *
 * <p>Writing never replaces a different key: a key is prepared beside its place, made durable and
 * then renamed, so that a reader finds all of it or nothing, also after a power failure.
 *
 * <p>The original takes as latest key of {@code demo} the greatest file name that begins with
 * {@code demo-}, and so may take one of {@code demo-two}. Here the name must be exactly the one
 * asked for. A file of another kind of key is passed over, with a warning unless it is a public
 * key, whose kinds share their file names. A damaged key is not passed over: an older one in its
 * place would put a member, without a word, into a ring of its own.
 */
public final class KeyCache {
  /** Overrides the directory's usual place. */
  public static final String DIRECTORY_VARIABLE = "HAB_CACHE_KEY_PATH";

  /** The largest keys have some 200 bytes; a file beyond this is no key. */
  private static final int FILE_BYTES_MAX = 64 * 1024;

  private static final Set<PosixFilePermission> SECRET = Set.of(PosixFilePermission.OWNER_READ);
  private static final Set<PosixFilePermission> PUBLIC =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_READ);

  private static final Logger LOGGER = System.getLogger(KeyCache.class.getName());

  private final Path directory;
  private final Consumer<String> warnings;

  /** The cache in a directory, which need not exist yet. Warnings are logged. */
  public KeyCache(Path directory) {
    this(directory, warning -> LOGGER.log(Level.WARNING, warning));
  }

  /** The cache in a directory, which need not exist yet, with a taker of one-line warnings. */
  public KeyCache(Path directory, Consumer<String> warnings) {
    this.directory = directory;
    this.warnings = warnings;
  }

  /**
   * Where the keys are if no option tells.
   *
   * @param environment a variable's value, if it is set
   * @param fsRoot {@code FS_ROOT}, which counts for root only: a home is an absolute path
   * @param root whether the effective user is root
   * @param home the user's home
   */
  public static Path defaultDirectory(
      Function<String, Optional<String>> environment, Path fsRoot, boolean root, Path home) {
    return environment
        .apply(DIRECTORY_VARIABLE)
        .filter(value -> !value.isEmpty())
        .map(Path::of)
        .orElseGet(() -> root ? fsRoot.resolve("hab/cache/keys") : home.resolve(".hab/cache/keys"));
  }

  public Path directory() {
    return directory;
  }

  /**
   * The newest revision of the key of exactly this name.
   *
   * @param name of a ring, a user, a service group with its organization, an origin
   */
  public <K extends Key> K latest(KeyKind<K> kind, String name) throws KeyException {
    List<NamedRevision> revisions = revisions(kind, name);
    if (revisions.isEmpty()) {
      throw new KeyException(
          "No revisions found for " + KeyException.quote(name),
          "expected %s-<14 digits>%s in %s: %s"
              .formatted(KeyException.quote(name), kind.fileSuffix(), directory, kind.howToHave()));
    }
    for (NamedRevision revision : revisions) {
      Path file = file(kind.fileName(revision));
      String text = read(file);
      Optional<KeyKind<?>> found = KeyKind.ofText(text);
      if (found.equals(Optional.of(kind)) || text.isEmpty()) {
        return exact(kind, revision);
      }
      if (found.filter(other -> other.fileSuffix().equals(kind.fileSuffix())).isEmpty()) {
        warnings.accept("Key file " + file + " is passed over: it holds another kind of key");
      }
    }
    // None of them is of this kind; the newest one's failure tells it best.
    return exact(kind, revisions.getFirst());
  }

  /** The key of exactly this revision. */
  public <K extends Key> K exact(KeyKind<K> kind, NamedRevision revision) throws KeyException {
    Path file = file(kind.fileName(revision));
    if (!Files.exists(file)) {
      // The name may come from the network, where the directory's cannot.
      throw new KeyException(
          "Key not found in cache: %s/%s"
              .formatted(directory, KeyException.quote(kind.fileName(revision))),
          kind.howToBring());
    }
    K key = parse(kind, file);
    if (!key.name().equals(revision)) {
      warnings.accept(
          "Key file %s holds the key %s: one of the two names is wrong"
              .formatted(file, KeyException.quote(key.name().toString())));
    }
    return key;
  }

  /** Stores both keys of a pair, the public one first, as the original does. */
  public void write(KeyPair<?, ?> pair) throws KeyException {
    write(pair.publicKey());
    write(pair.secretKey());
  }

  /**
   * Stores a key, a secret one readable by its owner only. A file of the same content stays as it
   * is.
   *
   * @return the key's file
   */
  public Path write(Key key) throws KeyException {
    Path file = file(key.fileName());
    byte[] content = key.text().getBytes(UTF_8);
    try {
      Files.createDirectories(directory);
      if (Files.exists(file)) {
        requireSame(file, content);
      } else {
        writeDurably(file, content, key.kind().isSecret() ? SECRET : PUBLIC);
      }
      return file;
    } catch (IOException e) {
      throw new KeyException(
          "Cannot write key file " + file + ": " + reason(e),
          "the user who runs this needs write permission in " + directory,
          e);
    }
  }

  private List<NamedRevision> revisions(KeyKind<?> kind, String name) throws KeyException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(file -> revision(kind, file).stream())
          .filter(revision -> revision.name().equals(name))
          .sorted(Comparator.comparing(NamedRevision::revision).reversed())
          .toList();
    } catch (NoSuchFileException noDirectory) {
      return List.of();
    } catch (IOException e) {
      throw new KeyException(
          "Cannot list key cache " + directory + ": " + reason(e),
          "it must be a directory that the user who runs this may read",
          e);
    }
  }

  private static Optional<NamedRevision> revision(KeyKind<?> kind, Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(kind.fileSuffix())
        ? NamedRevision.find(name.substring(0, name.length() - kind.fileSuffix().length()))
        : Optional.empty();
  }

  private static <K extends Key> K parse(KeyKind<K> kind, Path file) throws KeyException {
    String text = read(file);
    try {
      return kind.parse(text);
    } catch (KeyException e) {
      throw e.withRemedy(
          "file %s is no usable %s: replace it by the text of one, or remove it"
              .formatted(file, kind));
    }
  }

  /** Names are free text, and text that comes by the environment may name any place. */
  private Path file(String fileName) throws KeyException {
    try {
      if (!fileName.contains("/")) {
        return directory.resolve(fileName);
      }
    } catch (InvalidPathException e) {
      // Told below: a character that this system's file names cannot hold.
    }
    throw new KeyException(
        "Cannot use '" + KeyException.quote(fileName) + "' as name of a key file",
        "choose a name without slashes and characters foreign to this system's locale");
  }

  private static String read(Path file) throws KeyException {
    try {
      byte[] content = content(file);
      if (content.length <= FILE_BYTES_MAX) {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      }
    } catch (CharacterCodingException e) {
      // Told below, as a file that is too large.
    } catch (IOException e) {
      throw new KeyException(
          "Cannot read key file " + file + ": " + reason(e),
          "the user who runs this must be its owner, or root",
          e);
    }
    throw new KeyException(
        "Key file " + file + " is not text", "replace it by the text of a key, or remove it");
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FILE_BYTES_MAX + 1);
    }
  }

  private static void requireSame(Path file, byte[] content) throws IOException, KeyException {
    if (!Arrays.equals(content(file), content)) {
      throw new KeyException(
          "Existing key file " + file + " found but new version hash is different",
          "nothing was changed: remove the file if the new key is the right one, generate a new"
              + " revision if both are needed");
    }
  }

  private void writeDurably(Path file, byte[] content, Set<PosixFilePermission> mode)
      throws IOException {
    Path prepared = Files.createTempFile(directory, ".key-", ".tmp");
    try {
      try (FileChannel out = FileChannel.open(prepared, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        // Set by name rather than at creation, where the umask would have its say.
        Files.setPosixFilePermissions(prepared, mode);
        out.force(true);
      }
      Files.move(prepared, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(prepared);
    }
    // The new name is durable only when the directory is.
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  /** An I/O error in a few words; the path is told already. */
  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "no such file";
      case NotDirectoryException file -> "not a directory";
      case FileSystemException f when f.getReason() != null -> KeyException.quote(f.getReason());
      case IOException other -> KeyException.quote(String.valueOf(other.getMessage()));
    };
  }
}
