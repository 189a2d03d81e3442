package io.rezpkgcached.control;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;

/** Who asks, by the kernel's word: user and group of his process when it connected. */
public record Peer(UserPrincipal user, GroupPrincipal group) {}
