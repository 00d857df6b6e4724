"""The tags of a library: suggested for articles that have none, audited, merged."""

from insights.tagging.audit import TagProblem, audit_tags
from insights.tagging.candidates import Candidate, find_candidates
from insights.tagging.merge import merge_article, merge_vocabulary
from insights.tagging.suggest import Suggestion, suggest_tags, vocabulary_of

__all__ = [
    "Candidate",
    "Suggestion",
    "TagProblem",
    "audit_tags",
    "find_candidates",
    "merge_article",
    "merge_vocabulary",
    "suggest_tags",
    "vocabulary_of",
]
