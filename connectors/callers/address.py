"""Where a door is served, and how, by its options."""

from connectors.callers.options import DoorOptions
from connectors.serving import Address


def address_of(options: DoorOptions) -> Address:
    """The address for these options."""
    return Address(
        host=options.host,
        port=options.port,
        certificate=options.tls_certificate,
        key=options.tls_key,
        max_connections=options.max_connections,
        stop_timeout_s=options.stop_timeout_s,
        client_ca=options.tls_client_ca_file,
        client_needed=options.tls_clients == "required",
    )
