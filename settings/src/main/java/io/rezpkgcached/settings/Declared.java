package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Every setting there is: rez's with the types and defaults of rez 3.4.0, then ours. */
final class Declared {

    private static final String REZ = "REZ_";
    private static final String OURS = "REZ_PKG_CACHED_";
    private static final int MAX_THREADS = 64;

    static final Setting<PlatformMap> PLATFORM_MAP = rez("platform_map", Kind.OPTIONAL_DICT, Map.of(),
            (plain, _) -> PlatformMap.of(plain));

    static final Setting<Optional<Path>> CACHE_PACKAGES_PATH = rez("cache_packages_path", Kind.OPTIONAL_STR, null,
            (plain, here) -> Plain.optionalText(plain).isPresent()
                    ? Optional.of(Plain.path(plain, here))
                    : Optional.empty());
    static final Setting<Boolean> READ_PACKAGE_CACHE = bool("read_package_cache", true);
    static final Setting<Boolean> WRITE_PACKAGE_CACHE = bool("write_package_cache", true);
    static final Setting<Duration> MAX_VARIANT_DAYS = rez("package_cache_max_variant_days", Kind.INT, 30L,
            (plain, _) -> Plain.days(plain));
    static final Setting<Boolean> DURING_BUILD = bool("package_cache_during_build", false);
    static final Setting<Boolean> LOCAL = bool("package_cache_local", false);
    static final Setting<Boolean> SAME_DEVICE = bool("package_cache_same_device", false);
    static final Setting<Boolean> ASYNC = bool("package_cache_async", true);
    static final Setting<Duration> CLEAN_LIMIT = rez("package_cache_clean_limit", Kind.FLOAT, 0.5,
            (plain, _) -> Plain.seconds((Double) plain));
    static final Setting<Duration> LOG_DAYS = rez("package_cache_log_days", Kind.INT, 7L,
            (plain, _) -> Plain.days(plain));
    static final Setting<Long> SPACE_BUFFER = rez("package_cache_space_buffer", Kind.INT, 104857600L,
            (plain, _) -> Plain.whole(plain));
    static final Setting<Long> USED_THRESHOLD = rez("package_cache_used_threshold", Kind.INT, 80L,
            (plain, _) -> Plain.whole(plain));

    static final Setting<Optional<Boolean>> DEFAULT_CACHABLE = rez("default_cachable", Kind.OPTIONAL_BOOL, false,
            (plain, _) -> Optional.ofNullable((Boolean) plain));
    static final Setting<Map<String, Boolean>> CACHABLE_PER_PACKAGE = truths("default_cachable_per_package");
    static final Setting<Map<String, Boolean>> CACHABLE_PER_REPOSITORY = truths("default_cachable_per_repository");
    static final Setting<Boolean> DEFAULT_RELOCATABLE = bool("default_relocatable", true);
    static final Setting<Map<String, Boolean>> RELOCATABLE_PER_PACKAGE = truths("default_relocatable_per_package");
    static final Setting<Map<String, Boolean>> RELOCATABLE_PER_REPOSITORY = truths(
            "default_relocatable_per_repository");

    static final Setting<List<RepositoryPath>> PACKAGES_PATH = rez("packages_path", Kind.PATH_LIST,
            List.of("~/packages", "~/.rez/packages/int", "~/.rez/packages/ext"), (plain, here) -> {
                List<RepositoryPath> paths = new ArrayList<>();
                for (String text : Plain.texts(plain)) {
                    paths.add(RepositoryPath.of(text, here));
                }
                return List.copyOf(paths);
            });
    static final Setting<RepositoryPath> LOCAL_PACKAGES_PATH = rez("local_packages_path", Kind.STR, "~/packages",
            (plain, here) -> RepositoryPath.of((String) plain, here));
    static final Setting<RepositoryPath> RELEASE_PACKAGES_PATH = rez("release_packages_path", Kind.STR,
            "~/.rez/packages/int", (plain, here) -> RepositoryPath.of((String) plain, here));
    static final Setting<String> TMPDIR = rez("tmpdir", Kind.OPTIONAL_STR, null, (plain, _) -> {
        if (plain == null) {
            throw new BadValue("is null, and rez cannot use its cache so; name a folder or leave it out");
        }
        return (String) plain;
    });
    static final Setting<Boolean> USE_SHORTLINKS = bool("use_variant_shortlinks", true);
    static final Setting<Optional<String>> SHORTLINKS_DIRNAME = rez("variant_shortlinks_dirname", Kind.OPTIONAL_STR,
            "_v", (plain, _) -> Plain.optionalText(plain));

    static final Setting<List<String>> MEMCACHED_URI = rez("memcached_uri", Kind.OPTIONAL_STR_LIST, List.of(),
            (plain, _) -> Plain.texts(plain));
    static final Setting<Boolean> RESOLVE_CACHING = bool("resolve_caching", true);
    static final Setting<Boolean> DEBUG_MEMCACHE = bool("debug_memcache", false);
    static final Setting<List<String>> IMPLICIT_PACKAGES = rez("implicit_packages", Kind.STR_LIST,
            List.of("~platform=={system.platform}", "~arch=={system.arch}", "~os=={system.os}"),
            (plain, _) -> Plain.texts(plain));
    static final Setting<List<?>> PACKAGE_FILTER = rez("package_filter", Kind.OPTIONAL_DICTS, null,
            (plain, _) -> (List<?>) plain);
    static final Setting<List<?>> PACKAGE_ORDERERS = rez("package_orderers", Kind.OPTIONAL_DICTS, null,
            (plain, _) -> (List<?>) plain);
    static final Setting<Boolean> PRUNE_FAILED_GRAPH = bool("prune_failed_graph", true);

    static final Setting<List<Path>> REPOSITORIES = ours("repositories", Kind.PATH_LIST, List.of(),
            (plain, _) -> Plain.absolutePaths(plain));
    static final Setting<Boolean> SHARED_CACHE = ours("shared_cache", Kind.BOOL, false, (plain, _) -> (Boolean) plain);
    static final Setting<Optional<String>> ADMIN_GROUP = ours("admin_group", Kind.OPTIONAL_STR, null,
            (plain, _) -> Plain.optionalText(plain));
    static final Setting<OptionalLong> MAX_LOG_BYTES = ours("max_log_bytes", Kind.SIZE, "100 MB",
            (plain, _) -> Plain.bytes(plain));
    static final Setting<Integer> WORKERS = ours("workers", Kind.INT, 4L,
            (plain, _) -> Plain.between(plain, 1, MAX_THREADS));
    static final Setting<Integer> COPY_THREADS = ours("copy_threads", Kind.INT, 8L,
            (plain, _) -> Plain.between(plain, 1, MAX_THREADS));
    static final Setting<OptionalLong> COPY_BYTES_PER_SECOND = ours("copy_bytes_per_second", Kind.SIZE, 0L,
            (plain, _) -> Plain.bytes(plain));
    static final Setting<Duration> SCAN_INTERVAL = ours("scan_interval", Kind.DURATION, "60 s",
            (plain, _) -> Plain.duration(plain));
    static final Setting<Integer> MAX_TRIES = ours("max_tries", Kind.INT, 4L,
            (plain, _) -> Plain.between(plain, 1, 1000));
    static final Setting<Duration> RETRY_PAUSE = ours("retry_pause", Kind.DURATION, "5 s",
            (plain, _) -> Plain.duration(plain));
    static final Setting<Duration> RETRY_PAUSE_MAX = ours("retry_pause_max", Kind.DURATION, "5 minutes",
            (plain, _) -> Plain.duration(plain));
    static final Setting<Duration> IDLE_TIMEOUT = ours("idle_timeout", Kind.DURATION, "30 s",
            (plain, _) -> Plain.duration(plain));
    static final Setting<List<String>> EVALUATOR = ours("evaluator", Kind.COMMAND, List.of(),
            (plain, _) -> Plain.texts(plain));
    static final Setting<Duration> EVALUATOR_TIMEOUT = ours("evaluator_timeout", Kind.DURATION, "10 s",
            (plain, _) -> Plain.duration(plain));
    static final Setting<Boolean> ALLOW_REMOTE_CACHE = ours("allow_remote_cache", Kind.BOOL, false,
            (plain, _) -> (Boolean) plain);
    static final Setting<Duration> MEMCACHED_TIMEOUT = ours("memcached_timeout", Kind.DURATION, "200 ms",
            (plain, _) -> Plain.duration(plain));
    static final Setting<List<PrefetchRequest>> PREFETCH_REQUESTS = ours("prefetch_requests", Kind.REQUESTS, List.of(),
            (plain, _) -> PrefetchRequest.all(plain));
    static final Setting<Duration> PREFETCH_INTERVAL = ours("prefetch_interval", Kind.DURATION, "15 minutes",
            (plain, _) -> Plain.duration(plain));
    static final Setting<LogLevel> LOG_LEVEL = ours("log_level", Kind.STR, "info", (plain, _) -> LogLevel.of(plain));

    /** Those that only the resolve cache needs. */
    static final Set<Setting<?>> OF_RESOLVES = Set.of(MEMCACHED_URI, RESOLVE_CACHING, DEBUG_MEMCACHE,
            IMPLICIT_PACKAGES, PACKAGE_FILTER, PACKAGE_ORDERERS, PRUNE_FAILED_GRAPH, MEMCACHED_TIMEOUT);

    /** In the order in which they are documented. {@link #PLATFORM_MAP} comes first: the expansion of all others uses it. */
    static final List<Setting<?>> ALL = List.of(PLATFORM_MAP, CACHE_PACKAGES_PATH, READ_PACKAGE_CACHE,
            WRITE_PACKAGE_CACHE, MAX_VARIANT_DAYS, DURING_BUILD, LOCAL, SAME_DEVICE, ASYNC, CLEAN_LIMIT, LOG_DAYS,
            SPACE_BUFFER, USED_THRESHOLD, DEFAULT_CACHABLE, CACHABLE_PER_PACKAGE, CACHABLE_PER_REPOSITORY,
            DEFAULT_RELOCATABLE, RELOCATABLE_PER_PACKAGE, RELOCATABLE_PER_REPOSITORY, PACKAGES_PATH,
            LOCAL_PACKAGES_PATH, RELEASE_PACKAGES_PATH, TMPDIR, USE_SHORTLINKS, SHORTLINKS_DIRNAME, MEMCACHED_URI,
            RESOLVE_CACHING, DEBUG_MEMCACHE, IMPLICIT_PACKAGES, PACKAGE_FILTER, PACKAGE_ORDERERS, PRUNE_FAILED_GRAPH,
            REPOSITORIES, SHARED_CACHE, ADMIN_GROUP, MAX_LOG_BYTES, WORKERS, COPY_THREADS, COPY_BYTES_PER_SECOND,
            SCAN_INTERVAL, MAX_TRIES, RETRY_PAUSE, RETRY_PAUSE_MAX, IDLE_TIMEOUT, EVALUATOR, EVALUATOR_TIMEOUT,
            ALLOW_REMOTE_CACHE, MEMCACHED_TIMEOUT, PREFETCH_REQUESTS, PREFETCH_INTERVAL, LOG_LEVEL);

    private Declared() {}

    static boolean isRez(Setting<?> setting) {
        return setting.prefix().equals(REZ);
    }

    private static <T> Setting<T> rez(String name, Kind kind, Object unset, Setting.Conversion<T> conversion) {
        return new Setting<>(name, kind, REZ, unset, conversion);
    }

    private static <T> Setting<T> ours(String name, Kind kind, Object unset, Setting.Conversion<T> conversion) {
        return new Setting<>(name, kind, OURS, unset, conversion);
    }

    private static Setting<Boolean> bool(String name, boolean unset) {
        return rez(name, Kind.BOOL, unset, (plain, _) -> (Boolean) plain);
    }

    private static Setting<Map<String, Boolean>> truths(String name) {
        return rez(name, Kind.OPTIONAL_DICT, null, (plain, _) -> Plain.truths(plain));
    }
}
