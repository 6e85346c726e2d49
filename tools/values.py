# SPDX-License-Identifier: Apache-2.0
"""Whether the nodes that brine-tell prints are the value that Python loaded."""
import struct

from recording import Persistent, Recorded, RecordedType

SEQUENCES = {"tuple": tuple, "list": list}
SETS = {"set": set, "frozenset": frozenset}


def plain(node):
    """What a node without parts stands for."""
    kind = node[0]
    if kind == "none":
        return None
    if kind in ("bool", "int"):
        return node[1]
    if kind == "float":
        return struct.unpack(">d", bytes.fromhex(node[1]))[0]
    raw = bytes.fromhex(node[1])
    if kind == "long":
        return int.from_bytes(raw, "little", signed=True)
    if kind == "text":
        return raw.decode("utf-8", "surrogatepass")
    if kind == "string":
        return raw.decode("latin1")
    return raw if kind == "bytes" else bytearray(raw)


PLAIN = ("none", "bool", "int", "float", "long", "text", "string", "bytes", "array")


class Comparison:
    def __init__(self, nodes):
        self.nodes, self.keys, self.seen, self.partner = nodes, {}, set(), {}
        self.todo = []

    def key(self, i):
        """Something that is equal for equal keys, and for nothing else; a node always gives the same."""
        if i not in self.keys:
            node = self.nodes[i]
            if node[0] in PLAIN:
                self.keys[i] = plain(node)
            elif node[0] == "tuple":
                self.keys[i] = tuple(self.key(k) for k in node[1])
            elif node[0] == "frozenset":
                self.keys[i] = frozenset(self.key(k) for k in node[1])
            else:
                self.keys[i] = ("node", i)
        return self.keys[i]

    def pairs(self, items):
        """[(key node, value node)…], as a dict keeps them: the first of equal keys, the last of their values."""
        kept = {}
        for k, v in zip(items[::2], items[1::2]):
            key = self.key(k)
            kept[key] = (kept[key][0] if key in kept else k, v)
        return list(kept.values())

    def queue(self, numbers, found, where):
        found = list(found)
        if len(numbers) != len(found):
            return "%s: brine has %d items, Python %d" % (where, len(numbers), len(found))
        self.todo.extend(zip(numbers, found))
        return None

    def is_partner(self, i, value):
        """What is one object here is one there."""
        known = self.partner.setdefault(("brine", i), id(value))
        back = self.partner.setdefault(("python", id(value)), i)
        return known == id(value) and back == i

    def compare(self, i, value):
        node = self.nodes[i]
        kind = node[0]
        if kind in PLAIN:
            return self.compare_plain(node, value)
        if kind == "buffer":
            same = isinstance(value, (bytes, memoryview)) and bytes(value) == b"%d" % node[1]
            return None if same else "buffer %d is %r" % (node[1], value)
        if (i, id(value)) in self.seen:
            return None
        self.seen.add((i, id(value)))
        if kind not in ("tuple", "frozenset", "extension") and not self.is_partner(i, value):
            return "a %s is shared otherwise" % kind
        return getattr(self, "compare_" + kind)(node, value)

    def compare_plain(self, node, value):
        expected = plain(node)
        if isinstance(value, memoryview):
            return None if bytes(value) == bytes(expected) else "a buffer differs"
        same = type(value) is type(expected) and (
            struct.pack(">d", value) == struct.pack(">d", expected) if node[0] == "float" else value == expected)
        if node[0] == "float" and value != value and expected != expected and type(value) is float:
            same = True
        return None if same else "brine has %r, Python %r" % (expected, value)

    def compare_tuple(self, node, value):
        if type(value) is not SEQUENCES[node[0]]:
            return "a %s is a %s" % (node[0], type(value).__name__)
        return self.queue(node[1], value, node[0])

    compare_list = compare_tuple

    def compare_set(self, node, value):
        if type(value) is not SETS[node[0]]:
            return "a %s is a %s" % (node[0], type(value).__name__)
        keys = {self.key(k) for k in node[1]}
        if len(keys) != len(value):
            return "a set has %d items, Python's %d" % (len(keys), len(value))
        if all(isinstance(k, (str, int, float, bytes, type(None))) and k == k for k in value) and keys != set(value):
            return "a set differs"
        return None

    compare_frozenset = compare_set

    def compare_dict(self, node, value):
        if type(value) is not dict:
            return "a dict is a %s" % type(value).__name__
        pairs = self.pairs(node[1])
        return (self.queue([k for k, _ in pairs], value.keys(), "dict") or
                self.queue([v for _, v in pairs], value.values(), "dict"))

    def compare_global(self, node, value):
        name = tuple(bytes.fromhex(part).decode() for part in node[1:])
        same = isinstance(value, RecordedType) and value.named == name
        return None if same else "%s is %r" % (".".join(name), value)

    def compare_extension(self, node, value):
        same = isinstance(value, RecordedType) and value.recorded == "extension.%d" % node[1]
        return None if same else "extension %d is %r" % (node[1], value)

    def compare_persistent(self, node, value):
        if not isinstance(value, Persistent):
            return "a persistent id is %r" % (value,)
        return self.queue(node[1], value.call[1], "persistent id")

    def compare_object(self, node, value):
        _, callee, args, kwargs, states, items, pairs = node
        if not isinstance(value, Recorded) or isinstance(value, Persistent):
            return "an object is %r" % (value,)
        self.todo.append((callee, value.call[0]))
        if self.nodes[args][0] != "tuple":
            return "arguments that are no tuple"
        wrong = (self.queue(self.nodes[args][1], value.call[1], "arguments") or self.queue(states, value.states, "states") or
                 self.queue(items, value.items, "items") or self.queue(pairs, value.pairs, "pairs"))
        if wrong or kwargs is None:
            return wrong or ("keywords from nowhere" if value.call[2] else None)
        return self.compare_keywords(self.nodes[kwargs], value.call[2])

    def compare_keywords(self, node, found):
        if node[0] != "dict":
            return "keywords that are no dict"
        pairs = self.pairs(node[1])
        if [self.key(k) for k, _ in pairs] != list(found):
            return "keywords %r" % list(found)
        return self.queue([v for _, v in pairs], found.values(), "keywords")


def difference(nodes, value):
    """None when they are the same, or what is not."""
    comparison = Comparison(nodes)
    comparison.todo.append((0, value))
    while comparison.todo:
        wrong = comparison.compare(*comparison.todo.pop())
        if wrong:
            return wrong
    return None
