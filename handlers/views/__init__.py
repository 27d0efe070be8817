"""Typed questions for screens: what the desk, the board and a load's page show. Pure data comes back."""

from handlers.views.views import (
    Desk,
    FeedView,
    LoadPage,
    NotYours,
    Seer,
    Suggestion,
    Views,
    desk,
    load_page,
    suggestions,
)

__all__ = [
    "Desk", "FeedView", "LoadPage", "NotYours", "Seer", "Suggestion", "Views", "desk", "load_page", "suggestions",
]  # fmt: skip
