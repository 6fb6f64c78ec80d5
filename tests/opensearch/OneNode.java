import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;

/** One node of the test cluster in this process: OneNode HOME [SETTING=VALUE...]. */
class OneNode extends Node {
    private OneNode(Path home, Settings settings, List<PluginInfo> plugins) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "node"), plugins, false);
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Settings.Builder settings = Settings.builder().put("path.home", home);
        for (int n = 1; n < arguments.length; n++) {
            String[] pair = arguments[n].split("=", 2);
            if (pair[1].contains(",")) {
                settings.putList(pair[0], pair[1].split(","));
            } else {
                settings.put(pair[0], pair[1]);
            }
        }
        List<PluginInfo> plugins = Stream.of(
            org.opensearch.transport.Netty4ModulePlugin.class,
            org.opensearch.analysis.common.CommonAnalysisModulePlugin.class
        ).map(OneNode::module).toList();
        Node node = new OneNode(home, settings.build(), plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
        Thread.currentThread().join();
    }

    private static PluginInfo module(Class<? extends Plugin> plugin) {
        String name = plugin.getName();
        return new PluginInfo(name, "module", "1", Version.CURRENT, "17", name, null, List.of(), false);
    }
}
