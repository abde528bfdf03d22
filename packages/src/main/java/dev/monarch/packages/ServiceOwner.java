package dev.monarch.packages;

/**
 * Whom a package wants to run as.
 *
 * @param user what {@code SVC_USER} names
 * @param group what {@code SVC_GROUP} names
 */
public record ServiceOwner(String user, String group) {
  public ServiceOwner {
    if (user.isEmpty() || group.isEmpty()) {
      throw new IllegalArgumentException("expected names, found " + user + ":" + group);
    }
  }
}
