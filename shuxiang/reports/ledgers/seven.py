"""The seven books: each registers with the registry, which loads this when first asked."""

from shuxiang.reports.ledgers.books import (  # noqa: F401
    accessions,
    classes,
    compensation,
    loans,
    serials,
    total,
    withdrawals,
)
