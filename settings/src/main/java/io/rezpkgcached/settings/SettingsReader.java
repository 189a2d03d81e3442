package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads the settings, later over earlier: rez's defaults and ours, rez's configuration files, our file, the environment.
 *
 * <p>Guarantees that a setting is either what rez 3.4.0 takes it to be, or a problem with its place. Names in rez's files that the
 * program does not need are not looked at.
 */
public final class SettingsReader {

    private SettingsReader() {}

    /**
     * Reads all settings but those of the resolve cache: rez's default for {@code implicit_packages} names the operating system,
     * which may take a process to find out.
     *
     * @param ownFile our file, which must exist; empty for none
     * @throws SettingsException with every problem there is
     */
    public static Settings read(Surroundings surroundings, Optional<Path> ownFile) throws SettingsException {
        return settings(
                decided(surroundings, ownFile, setting -> !Declared.OF_RESOLVES.contains(setting)));
    }

    /** Reads the same settings, and has each with its name. Those of the resolve cache are among them where something is prefetched. */
    public static NamedSettings readNamed(Surroundings surroundings, Optional<Path> ownFile)
            throws SettingsException {
        Resolution found = decided(surroundings, ownFile, setting -> !Declared.OF_RESOLVES.contains(setting));
        if (!found.get(Declared.PREFETCH_REQUESTS).isEmpty()) {
            found = decided(surroundings, ownFile, _ -> true);
        }
        return new NamedSettings(settings(found), found.effective());
    }

    /** Reads the settings of the resolve cache, in the same way. */
    public static ResolveCacheSettings readResolveCache(Surroundings surroundings, Optional<Path> ownFile)
            throws SettingsException {
        return resolveCache(decided(surroundings, ownFile, _ -> true));
    }

    private static ResolveCacheSettings resolveCache(Resolution found) {
        return new ResolveCacheSettings(found.get(Declared.MEMCACHED_URI), found.get(Declared.RESOLVE_CACHING),
                found.get(Declared.DEBUG_MEMCACHE), found.get(Declared.IMPLICIT_PACKAGES),
                found.get(Declared.PACKAGE_FILTER), found.get(Declared.PACKAGE_ORDERERS),
                found.get(Declared.PRUNE_FAILED_GRAPH), found.get(Declared.MEMCACHED_TIMEOUT));
    }

    /** Reads {@code memcached_uri} alone: the whole of {@link #readResolveCache} can take a process to find out. */
    public static List<String> readMemcachedUri(Surroundings surroundings, Optional<Path> ownFile)
            throws SettingsException {
        return decided(surroundings, ownFile, Declared.MEMCACHED_URI::equals).get(Declared.MEMCACHED_URI);
    }

    /** Every setting as text with its origin, in the order of the documentation. */
    public static List<Effective> effective(Surroundings surroundings, Optional<Path> ownFile)
            throws SettingsException {
        return decided(surroundings, ownFile, _ -> true).effective();
    }

    private static Resolution decided(Surroundings surroundings, Optional<Path> ownFile, Predicate<Setting<?>> wanted)
            throws SettingsException {
        List<String> problems = new ArrayList<>();
        Resolution resolution = resolve(surroundings, ownFile, wanted, problems);
        if (problems.isEmpty() && wanted.test(Declared.RETRY_PAUSE_MAX)
                && resolution.get(Declared.RETRY_PAUSE_MAX).compareTo(resolution.get(Declared.RETRY_PAUSE)) < 0) {
            problems.add(resolution.found().get(Declared.RETRY_PAUSE_MAX).origin()
                    + ": retry_pause_max is below retry_pause; raise it or lower the other");
        }
        if (problems.isEmpty() && wanted.test(Declared.SHARED_CACHE) && resolution.get(Declared.SHARED_CACHE)
                && resolution.get(Declared.REPOSITORIES).isEmpty()) {
            problems.add(resolution.found().get(Declared.SHARED_CACHE).origin()
                    + ": shared_cache is on, and repositories is empty; name the folders that payloads may be read from");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return resolution;
    }

    /** Decides what is wanted and can be decided, and adds what cannot to the problems. */
    static Resolution resolve(Surroundings surroundings, Optional<Path> ownFile, Predicate<Setting<?>> wanted,
            List<String> problems) {
        Map<String, Raw> defaults = new LinkedHashMap<>();
        Declared.ALL.forEach(setting -> defaults.put(setting.name(),
                new Raw.Known(setting.unset(), new Origin.Default())));
        Set<String> rezNames = Declared.ALL.stream().filter(Declared::isRez).map(Setting::name)
                .collect(Collectors.toSet());
        Layer files = new RezFiles(surroundings, rezNames, problems).over(new Layer(defaults));
        if (ownFile.isPresent()) {
            files = files.with(new OwnFile(ownFile.get(), surroundings, problems).read());
        }
        Resolution resolution = new Resolution(surroundings, files, problems);
        resolution.decide(wanted);
        return resolution;
    }

    private static Settings settings(Resolution found) {
        return new Settings(cache(found), cachability(found), packages(found),
                new SharingSettings(found.get(Declared.SHARED_CACHE), found.get(Declared.ADMIN_GROUP),
                        found.get(Declared.MAX_LOG_BYTES)),
                new CopySettings(found.get(Declared.WORKERS), found.get(Declared.COPY_THREADS),
                        found.get(Declared.COPY_BYTES_PER_SECOND)),
                new RequestSettings(found.get(Declared.SCAN_INTERVAL), found.get(Declared.MAX_TRIES),
                        found.get(Declared.RETRY_PAUSE), found.get(Declared.RETRY_PAUSE_MAX),
                        found.get(Declared.IDLE_TIMEOUT)),
                new EvaluatorSettings(found.get(Declared.EVALUATOR), found.get(Declared.EVALUATOR_TIMEOUT)),
                new PrefetchSettings(found.get(Declared.PREFETCH_REQUESTS), found.get(Declared.PREFETCH_INTERVAL),
                        found.found().containsKey(Declared.MEMCACHED_URI)
                                ? Optional.of(resolveCache(found))
                                : Optional.empty()),
                found.get(Declared.ALLOW_REMOTE_CACHE), found.get(Declared.LOG_LEVEL));
    }

    private static CacheSettings cache(Resolution found) {
        return new CacheSettings(found.get(Declared.CACHE_PACKAGES_PATH), found.get(Declared.READ_PACKAGE_CACHE),
                found.get(Declared.WRITE_PACKAGE_CACHE), found.get(Declared.MAX_VARIANT_DAYS),
                found.get(Declared.DURING_BUILD), found.get(Declared.LOCAL), found.get(Declared.SAME_DEVICE),
                found.get(Declared.ASYNC), found.get(Declared.CLEAN_LIMIT), found.get(Declared.LOG_DAYS),
                found.get(Declared.SPACE_BUFFER), found.get(Declared.USED_THRESHOLD), found.get(Declared.TMPDIR));
    }

    private static CachabilitySettings cachability(Resolution found) {
        return new CachabilitySettings(found.get(Declared.DEFAULT_CACHABLE), found.get(Declared.CACHABLE_PER_PACKAGE),
                found.get(Declared.CACHABLE_PER_REPOSITORY), found.get(Declared.DEFAULT_RELOCATABLE),
                found.get(Declared.RELOCATABLE_PER_PACKAGE), found.get(Declared.RELOCATABLE_PER_REPOSITORY));
    }

    private static PackagesSettings packages(Resolution found) {
        return new PackagesSettings(found.get(Declared.PACKAGES_PATH), found.get(Declared.LOCAL_PACKAGES_PATH),
                found.get(Declared.RELEASE_PACKAGES_PATH), found.get(Declared.REPOSITORIES),
                found.get(Declared.SHORTLINKS_DIRNAME).filter(_ -> found.get(Declared.USE_SHORTLINKS)));
    }
}
