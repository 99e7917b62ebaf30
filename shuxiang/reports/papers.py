"""The reports there are: each registers with reports.registry, which loads this when first asked."""

from shuxiang.reports import term_summary  # noqa: F401
