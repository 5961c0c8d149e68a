"""The embedded Kafka as in production: TLS, SCRAM users, and nothing allowed that is not granted.

Clients speak SASL_SSL with SCRAM-SHA-512, and so do the nodes among each other; the quorum knows
its members by their certificate. One user may do everything, the operator's; its password is made
by chance and lies in files that nobody else on the machine may read.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hub.broker.certificates import Authority
from hub.broker.ports import HOST
from hub.broker.properties import CLIENTS, QUORUM

OPERATOR: Final = "hub"
"""The user that may do everything."""
NODES: Final = "kurze-wege-kafka"
"""The common name of the nodes; Kafka knows them as `User:CN=kurze-wege-kafka`."""
MECHANISM: Final = "SCRAM-SHA-512"
_PASSWORD_BYTES: Final = 24
_LOGIN: Final = "org.apache.kafka.common.security.scram.ScramLoginModule required"
_AUTHORIZER: Final = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"


@dataclass(frozen=True, slots=True)
class Security:
    """Where the cluster's secrets lie."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        """Who signed the nodes' certificate; clients trust it."""
        return self.folder / "ca.pem"

    @property
    def password_file(self) -> Path:
        """The operator's password."""
        return self.folder / "hub.password"

    @property
    def operator(self) -> dict[str, Any]:
        """What kafka-python's clients take to connect as the operator, but for the address."""
        return self.client(OPERATOR, self._password)

    def client(self, user: str, password: str) -> dict[str, Any]:
        """What kafka-python's clients take to connect as this user, but for the address."""
        return {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": user,
            "sasl_plain_password": password,
            "ssl_cafile": str(self.ca_file),
        }

    def properties(self) -> dict[str, str]:
        """What every node is told besides its seat; the operator's password stands in it."""
        login = f'{_LOGIN} username="{OPERATOR}" password="{self._password}";'
        return {
            "listener.security.protocol.map": f"{CLIENTS}:SASL_SSL,{QUORUM}:SSL",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.node_file),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.ca_file),
            f"listener.name.{QUORUM.lower()}.ssl.client.auth": "required",
            "sasl.enabled.mechanisms": MECHANISM,
            "sasl.mechanism.inter.broker.protocol": MECHANISM,
            f"listener.name.{CLIENTS.lower()}.{MECHANISM.lower()}.sasl.jaas.config": login,
            "authorizer.class.name": _AUTHORIZER,
            "allow.everyone.if.no.acl.found": "false",
            "super.users": f"User:{OPERATOR};User:CN={NODES}",
        }

    def first_user(self) -> list[str]:
        """What formatting is told of the operator, word by word."""
        return ["--add-scram", f"{MECHANISM}=[name={OPERATOR},password={self._password}]"]

    @property
    def node_file(self) -> Path:
        """The nodes' key and certificate."""
        return self.folder / "node.pem"

    @property
    def _password(self) -> str:
        return self.password_file.read_text("utf-8").strip()


def settle(folder: Path) -> Security:
    """The secrets in this folder, made by chance if it has none yet."""
    security = Security(folder)
    if not security.password_file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = Authority("Kurze Wege, embedded Kafka")
        security.ca_file.write_bytes(authority.certificate)
        security.node_file.touch(mode=0o600)
        security.node_file.write_bytes(authority.issue(NODES, ("localhost", HOST)))
        security.password_file.touch(mode=0o600)
        security.password_file.write_text(secrets.token_urlsafe(_PASSWORD_BYTES), "utf-8")
    return security
