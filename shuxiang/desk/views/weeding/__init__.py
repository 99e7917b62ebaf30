"""Weeding and the review of titles: proposing, weighing, approval, the books, and back."""

WITHDRAW = "holdings.withdraw"
