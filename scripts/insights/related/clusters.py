"""Groups of articles that lie close together, found in the links between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from insights.related.index import Ints

_PASSES = 30
_LEAST_GAIN = 1e-9


def find_clusters(lists: Sequence[Sequence[int]]) -> list[list[int]]:
    """The rows of each cluster, ascending; the largest cluster first, of equals that of the first row.

    `lists` are the related rows of each row, best first. The Louvain method: every row moves to the neighbouring
    cluster where modularity gains most, then clusters move as rows did, until nothing gains. Source: Blondel et al.
    (2008), "Fast unfolding of communities in large networks".
    """
    graph = _graph_of(lists)
    belongs = np.arange(len(lists))
    while True:
        moved = _move(graph)
        names, level = np.unique(moved, return_inverse=True)
        if len(names) == graph.shape[0]:
            break
        belongs = level[belongs]
        members = sparse.csr_matrix((np.ones(len(level)), (np.arange(len(level)), level)))
        graph = (members.T @ graph @ members).tocsr()
    clusters: dict[int, list[int]] = {}
    for row, cluster in enumerate(belongs.tolist()):
        clusters.setdefault(cluster, []).append(row)
    return sorted(clusters.values(), key=lambda rows: (-len(rows), rows[0]))


def _graph_of(lists: Sequence[Sequence[int]]) -> sparse.csr_matrix:
    """Rows × rows: how strongly two are linked, by the places they have in each other's lists."""
    places = [(row, other, 1 / (2 + place)) for row, others in enumerate(lists) for place, other in enumerate(others)]
    rows, others, weights = zip(*places, strict=True) if places else ((), (), ())
    directed = sparse.csr_matrix((weights, (rows, others)), shape=(len(lists), len(lists)))
    return (directed + directed.T).tocsr()


def _move(graph: sparse.csr_matrix) -> Ints:
    """The cluster of each node after nodes have moved as long as modularity gains."""
    count = graph.shape[0]
    degree = np.asarray(graph.sum(axis=1)).ravel()
    total = max(float(degree.sum()), 1e-12)
    cluster, inside = np.arange(count), degree.copy()
    for _ in range(_PASSES):
        has_moved = False
        for node in range(count):
            span = slice(graph.indptr[node], graph.indptr[node + 1])
            others, weights = graph.indices[span], graph.data[span]
            is_other = others != node
            near, places = np.unique(np.append(cluster[others[is_other]], cluster[node]), return_inverse=True)
            pull = np.bincount(places[:-1], weights[is_other], len(near))
            home = places[-1]
            inside[cluster[node]] -= degree[node]
            gains = np.round(pull - degree[node] * inside[near] / total, 9)
            best = int(gains.argmax())
            if gains[best] > gains[home] + _LEAST_GAIN:
                cluster[node] = near[best]
                has_moved = True
            inside[cluster[node]] += degree[node]
        if not has_moved:
            break
    return cluster
