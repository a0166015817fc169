"""Certified mailboxes (PEC): they accept no ordinary mail, so a ticket would never arrive."""

from __future__ import annotations

PROVIDERS = frozenset(
    {
        "legalmail.it",
        "pec.it",
        "postecert.it",
        "postacert.it",
        "postacertificata.gov.it",
        "arubapec.it",
        "registerpec.it",
        "sicurezzapostale.it",
        "cert.legalmail.it",
        "mypec.eu",
        "pecimprese.it",
        "pecprofessionisti.it",
        "casellapec.com",
        "cgn.legalmail.it",
        "impresapec.it",
        "pecaruba.it",
    }
)
LABELS = frozenset({"pec", "legalmail", "postacert", "cert", "postacertificata", "arubapec"})


def is_certified(address: str) -> bool:
    """Whether an address lies at a known provider of certified mail, or under a label that only such mailboxes bear."""
    domain = address.rpartition("@")[2].casefold()
    parts = domain.split(".")
    if domain in PROVIDERS or any(".".join(parts[at:]) in PROVIDERS for at in range(len(parts))):
        return True
    return any(part in LABELS or part.startswith("pec-") or part.endswith("-pec") for part in parts[:-1])
