import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Routes each event to its recipient's topic, exactly once; everything unsaid is a default. */
public final class Router {
    private Router() {}

    /** Reads and checks an event by the contract; sends its bytes on as they are. */
    static final class Check implements FixedKeyProcessor<byte[], byte[], byte[]> {
        private FixedKeyProcessorContext<byte[], byte[]> context;

        @Override
        public void init(FixedKeyProcessorContext<byte[], byte[]> context) {
            this.context = context;
        }

        @Override
        public void process(FixedKeyRecord<byte[], byte[]> record) {
            Referral.read(record.key(), record.value(), record.headers());
            context.forward(record);
        }
    }

    public static void main(String[] told) throws InterruptedException {
        String prefix = told[1];
        KafkaStreams streams = new KafkaStreams(topology(prefix), settings(told));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close();
            ended.countDown();
        }));
        streams.setUncaughtExceptionHandler(fault -> {
            fault.printStackTrace();
            Runtime.getRuntime().halt(1);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        ended.await();
    }

    private static Topology topology(String prefix) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(prefix + "referrals", Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
            .processValues(Check::new)
            .to(
                (key, value, record) -> prefix + "to." + text(record.headers(), "ce_recipient"),
                Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        return builder.build();
    }

    private static Properties settings(String[] told) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, told[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, told[2]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, told[3]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }

    static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
