"""What is known, as Prometheus reads it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from hub.monitor.gauges import GAUGES
from hub.monitor.poller import Poller


class Figures(Collector):
    """Reads the newest snapshot; a scrape asks nothing of the broker."""

    def __init__(self, poller: Poller, cluster: str, now: Callable[[], datetime]) -> None:
        """Label everything with this cluster's name."""
        self._poller = poller
        self._cluster = cluster
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every metric; none before the first poll."""
        snapshot, now = self._poller.snapshot, self._now()
        if snapshot is None:
            return
        for gauge in GAUGES:
            family = GaugeMetricFamily(
                gauge.name, gauge.says, labels=("cluster_name", *gauge.labels)
            )
            for labels, number in gauge.read(snapshot, now):
                family.add_metric((self._cluster, *labels), number)
            yield family
