package io.rezpkgcached.daemon;

import io.rezpkgcached.settings.LogLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.api.LayoutComponentBuilder;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * rez's log files: one for each day in {@code .sys/log}, appended to by every process that logs, each line in the format
 * of {@code PackageCache._init_logging}; the same lines to the console.
 */
final class LogFiles {
    /** The name, local time, process, level as Python spells it, and the message on one line. */
    private static final String PATTERN = "%c %d{yyyy-MM-dd HH:mm:ss,SSS} PID-%pid %level{WARN=WARNING} %m%n";

    private LogFiles() {}

    /** Sends the log to the console alone, for what goes wrong before there is a cache. */
    static void toConsole() {
        ConfigurationBuilder<BuiltConfiguration> builder = builder();
        builder.add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef("console")));
        use(builder.build());
    }

    /**
     * Sends the log to the files of a folder and to the console.
     *
     * @throws IOException if log4j cannot be told of the folder
     */
    static void open(Path folder, LogLevel level) throws IOException {
        if (folder.toString().contains("${")) {
            throw new IOException(
                    "log4j would replace ${...} in " + folder + ": give the cache another path, or a link to it");
        }
        ConfigurationBuilder<BuiltConfiguration> builder = builder();
        // The file of today is written under its own name; a file that rez made first is appended to.
        AppenderComponentBuilder file = builder.newAppender("file", "RollingFile")
                .addAttribute("filePattern", escapePattern(folder) + "/%d{yyyy-MM-dd}.log")
                .addComponent(builder.newComponent("Policies")
                        .addComponent(builder.newComponent("TimeBasedTriggeringPolicy")))
                .addComponent(builder.newComponent("DirectWriteRolloverStrategy")).add(layout(builder));
        builder.add(file);
        builder.add(builder.newRootLogger(Level.valueOf(level.name())).add(builder.newAppenderRef("console"))
                .add(builder.newAppenderRef("file")));
        use(builder.build());
    }

    /** Where stdout ends in the journal, lines go there with their level and fields instead of as bare text. */
    private static void use(BuiltConfiguration configuration) {
        Configurator.reconfigure(configuration);
        try {
            Optional<Journal> journal = Journal.ofProcess(System.getenv());
            if (journal.isPresent()) {
                journal.get().start();
                LoggerConfig root = configuration.getRootLogger();
                root.addAppender(journal.get(), null, null);
                root.removeAppender("console");
            }
        } catch (IOException _) {
            // then they go as bare text
        }
    }

    /** Changes how much is logged from now on. */
    static void level(LogLevel level) {
        Configurator.setRootLevel(Level.valueOf(level.name()));
    }

    private static ConfigurationBuilder<BuiltConfiguration> builder() {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.ERROR).setShutdownHook("disable");
        builder.add(
                builder.newAppender("console", "Console").addAttribute("target", "SYSTEM_OUT").add(layout(builder)));
        return builder;
    }

    private static LayoutComponentBuilder layout(ConfigurationBuilder<BuiltConfiguration> builder) {
        return builder.newLayout("PatternLayout").addAttribute("pattern", PATTERN).addAttribute("charset", "UTF-8");
    }

    private static String escapePattern(Path folder) {
        return folder.toString().replace("%", "%%").replace("$", "$$");
    }

    /** Writes what is still to be written. */
    static void close() {
        LogManager.shutdown();
    }
}
