package io.rezpkgcached.resolve.key;

import io.rezpkgcached.settings.PackagesSettings;
import io.rezpkgcached.settings.RepositoryPath;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Makes the requests that a {@code rez-env} with the same settings would make. */
public final class RequestFactory {
    private final ResolveCacheSettings settings;
    private final List<RepositoryFolder> repositories;
    private final String filterHash;
    private final String orderersHash;

    /**
     * Requests in the configured repositories.
     *
     * @throws UnprintableException if the settings have a repository, a filter or an orderer that we cannot print as rez does
     */
    public RequestFactory(ResolveCacheSettings settings, PackagesSettings packages) throws UnprintableException {
        this(settings, repositories(packages.packagesPath()));
    }

    /** The same with other repositories than the configured ones, absolute, in their order. */
    public RequestFactory(ResolveCacheSettings settings, List<RepositoryFolder> repositories)
            throws UnprintableException {
        this.settings = settings;
        this.repositories = List.copyOf(repositories);
        this.filterHash = PackageFilters.hash(settings.packageFilter(), false);
        this.orderersHash = PackageOrderers.hash(settings.packageOrderers());
    }

    /** Paths as rez takes them from a command line or a context: absolute ones, each text once. */
    public static List<RepositoryFolder> folders(List<String> paths, Path workingDirectory)
            throws UnprintableException {
        List<RepositoryFolder> folders = new ArrayList<>();
        for (String path : paths.stream().distinct().toList()) {
            String folder = path.startsWith("filesystem@") ? path.substring("filesystem@".length()) : path;
            if (folder.indexOf('@') >= 0) {
                throw new UnprintableException("a repository that is no folder: " + path);
            }
            folders.add(RepositoryFolder.of(workingDirectory.resolve(folder)));
        }
        return folders;
    }

    private static List<RepositoryFolder> repositories(List<RepositoryPath> paths) throws UnprintableException {
        Map<String, RepositoryFolder> folders = new LinkedHashMap<>();
        for (RepositoryPath path : paths) {
            Path folder = path.folder()
                    .orElseThrow(() -> new UnprintableException("a repository that is no folder: " + path.text()));
            folders.putIfAbsent(path.text(), RepositoryFolder.of(folder));
        }
        return List.copyOf(folders.values());
    }

    /**
     * One request.
     *
     * @param words as they are given to {@code rez-env}
     * @param implicit whether {@code implicit_packages} are added
     */
    public ResolveRequest of(List<String> words, boolean implicit, boolean building, OptionalLong timestamp)
            throws UnprintableException {
        List<String> all = new ArrayList<>(words);
        if (implicit) {
            all.addAll(settings.implicitPackages());
        }
        return new ResolveRequest(ResolveRequest.canonical(all), repositories, filterHash, orderersHash, building,
                settings.pruneFailedGraph(), timestamp);
    }
}
