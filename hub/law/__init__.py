"""What the law asks of the hub: who may send what to whom, and the documents that say so."""
