# SPDX-License-Identifier: Apache-2.0
"""Vectorizers of text: every analyzer, folding, pattern, norm and dtype, on documents that are made to part implementations.

Only characters that Unicode 9 (Python 3.6) knows: later ones are answered by the Unicode version that brine states."""
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import StandardScaler

from registry import VERSION, case

TRAINING = [
    "The quick brown fox jumps over the lazy dog", "the dog barks; the FOX runs away, away, away!",
    "Une \u00e9t\u00e9 \u00e0 S\u00e3o Paulo: l'Ann\u00e9e o\u00f9 tout s'est pass\u00e9", "Stra\u00dfe und STRASSE, \u00c4pfel und \u00d6l",
    "\u039f\u0394\u039f\u03a3 \u039f\u0394\u03a5\u03a3\u03a3\u0395\u0391\u03a3 \u03bf\u03b4\u03cc\u03c2", "\u0130stanbul'da \u0131l\u0131k bir g\u00fcn \u0130\u0130",
    "e\u0301te\u0301 nai\u0308ve na\u00efve", "\u6771\u4eac\u306f\u65e5\u672c\u306e\u9996\u90fd\u3067\u3059 \u6771\u4eac", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440 \u041f\u0420\u0418\u0412\u0415\u0422",
    "x y z a1 b2 _c_ don't can't 3.14 1,000 x\u00b2 \u0661\u0662\u0663", "fine \ufb01ne o\ufb03ce \u2460\u2461 \u00bd cup", "\ud55c\uad6d\uc5b4 \ud55c\uad6d", "tab\tnew\nline  two   three\u00a0nbsp\u2003em",
    "\U0001f600 emoji \U0001f600\U0001f600 smile\U0001f600face", "spam spam spam eggs spam bacon and spam", "of the and a in to is it"]
LABELS = [0, 0, 1, 1, 2, 2, 1, 2, 2, 0, 0, 2, 0, 1, 0, 1]
HOSTILE = TRAINING[:15:2] + [
    "", " ", "of the and", "a b c", "SPAM Eggs", "fox\x00dog fox", "e\u0301", "\u00e9\u0301\u0323te", "\u0130", "\u00df\u1e9e", "\u03a3", "\u039f\u03a3.", "\u039f\u03a3'\u03b1 \u039f\u03a3\u0301 \u03a3\u03a3 A\u03a3B",
    "\U0001f600", "\u0967\u0968\u0969 \uff11\uff12 \u2167 \u00b2\u00b3", "\u6771\u4eac\u6771\u4eac\u6771\u4eac", "\u200bfox\u200b \u00adfox fox\u00ad", "fox\x1cdog\x85dog\u2028fox", "fox \x1f\x1f dog \u2029\u2029 x", "x" * 300,
    ("away " * 120) + "fox", "na\u00efve NAI\u0308VE", "\u01c4\u01c5\u01c6 \u01c8", "\u212a \u2126 \u212b", "\ud55c", "\u1e9b\u0323 \u0344", "\ufdfa", "quick-brown_fox", "__ _ a_ _b", "\u00aa\u00ba \u02b0x \u0903\u0903", "a\u0308\u0323 a\u0323\u0308",
    "dog\r\ndog\n\ndog", "the_dog the-dog the.dog", "\u0430\u0301\u0431 \u0439", "Ⅷ ⅷ Ⓐⓐ", "ΑΣ\u0345 ΑΣ\u0345Β"]


def documents(texts=HOSTILE):
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def vectorizer(name, make, since=(0, 0), until=(99, 99)):
    """A case of a vectorizer that is fitted on the training documents; made late, since versions differ in parameters."""
    @case(name, since, until)
    def _(rng):
        return make().fit(TRAINING), documents()


# ---- CountVectorizer ----

vectorizer("count-default", lambda: CountVectorizer())
vectorizer("count-cased", lambda: CountVectorizer(lowercase=False))
vectorizer("count-ascii", lambda: CountVectorizer(strip_accents="ascii"))
vectorizer("count-unicode", lambda: CountVectorizer(strip_accents="unicode"))
vectorizer("count-unicode-cased", lambda: CountVectorizer(strip_accents="unicode", lowercase=False))
vectorizer("count-english", lambda: CountVectorizer(stop_words="english"))
vectorizer("count-stop-list", lambda: CountVectorizer(stop_words=["fox", "the", "\u00e9t\u00e9", "spam"], ngram_range=(1, 2)))
vectorizer("count-stop-set", lambda: CountVectorizer(stop_words={"fox"}) if VERSION < (1, 2) else CountVectorizer(stop_words=["fox"]))
vectorizer("count-bigrams", lambda: CountVectorizer(ngram_range=(1, 2), stop_words="english"))
vectorizer("count-trigrams-only", lambda: CountVectorizer(ngram_range=(3, 3)))
vectorizer("count-char", lambda: CountVectorizer(analyzer="char", ngram_range=(1, 2)))
vectorizer("count-char-3", lambda: CountVectorizer(analyzer="char", ngram_range=(2, 3), strip_accents="unicode", max_features=200))
vectorizer("count-char-wb", lambda: CountVectorizer(analyzer="char_wb", ngram_range=(1, 2)))
vectorizer("count-char-wb-5", lambda: CountVectorizer(analyzer="char_wb", ngram_range=(3, 6), max_features=200))
vectorizer("count-binary", lambda: CountVectorizer(binary=True))
vectorizer("count-float32", lambda: CountVectorizer(dtype=np.float32, max_features=10))
vectorizer("count-int32", lambda: CountVectorizer(dtype=np.int32, max_df=3))
vectorizer("count-limited", lambda: CountVectorizer(min_df=2, max_df=0.5, max_features=8))
vectorizer("count-given-list", lambda: CountVectorizer(vocabulary=["spam", "fox", "quick brown", "the", "\u00e9t\u00e9", "Fox"]))
vectorizer("count-given-dict", lambda: CountVectorizer(vocabulary={"spam": 2, "fox": 0, "the dog": 1}, ngram_range=(1, 2), stop_words=["the"]))

PATTERNS = [r"(?u)\b\w+\b", r"\w{3,}", r"[a-zA-Z]+", r"(?u)\b[^\W\d_]{2,}\b", r"\S+", r"[^\s,.!;:]+", r"\b(\w)\w*\b", r"(?:\w|')+", r"\w+|[^\w\s]",
            r"[\w'-]+", r"\d+|\D", r"\b\w\w\w+?\b", r"(?<=\s)\w+", r"\w+(?=\s|$)", r"(?<!\w)[a-z]\w*", r"\Bo\w", r"^\w+", r"[\u00e0-\u00ff\u0430-\u044f]+", "[\u00e0-\u00ff]+", r"(?a)\b\w\w+\b",
            r".\w", r"\w[\w.]{1,3}\b", r"\x66o[x-z]", r"\w*o\w*", r"(fox|dog)s?"]
for number, pattern in enumerate(PATTERNS):
    vectorizer("count-pattern-%02d" % number, lambda pattern=pattern: CountVectorizer(token_pattern=pattern))
vectorizer("count-pattern-bigrams", lambda: CountVectorizer(token_pattern=r"[^\s]+", ngram_range=(1, 2), stop_words=["fox", "and"]))
vectorizer("count-pattern-spaces", lambda: CountVectorizer(token_pattern=r"\w+ \w+", ngram_range=(1, 2)))


# ---- TfidfVectorizer ----

vectorizer("tfidf-default", lambda: TfidfVectorizer())
vectorizer("tfidf-l1", lambda: TfidfVectorizer(norm="l1", ngram_range=(1, 2)))
vectorizer("tfidf-no-norm", lambda: TfidfVectorizer(norm=None, smooth_idf=False))
vectorizer("tfidf-no-idf", lambda: TfidfVectorizer(use_idf=False))
vectorizer("tfidf-binary", lambda: TfidfVectorizer(binary=True, stop_words="english"))
vectorizer("tfidf-sublinear", lambda: TfidfVectorizer(sublinear_tf=True))
vectorizer("tfidf-sublinear-float32", lambda: TfidfVectorizer(sublinear_tf=True, dtype=np.float32, norm="l1"))
vectorizer("tfidf-float32", lambda: TfidfVectorizer(dtype=np.float32))
vectorizer("tfidf-float32-no-idf", lambda: TfidfVectorizer(dtype=np.float32, use_idf=False))
vectorizer("tfidf-float32-l1", lambda: TfidfVectorizer(dtype=np.float32, norm="l1"))
vectorizer("tfidf-int64", lambda: TfidfVectorizer(dtype=np.int64, max_features=20))
vectorizer("tfidf-char", lambda: TfidfVectorizer(analyzer="char", ngram_range=(1, 2), strip_accents="ascii"))
vectorizer("tfidf-char-wb", lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), max_features=150))


# ---- TfidfTransformer ----

def counts(rng, n=40, p=12):
    return rng.poisson(0.4, (n, p)).astype(np.float64)


@case("tfidf-transformer-dense")
def _(rng):
    X = counts(rng)
    rows = np.vstack([X[:20], [[0] * 12, [-1] + [0] * 11, [1e308] * 12, [5e-324] + [0] * 11, [0.1, 0.2] * 6, [np.nan] + [1] * 11, [np.inf] + [1] * 11]])
    return TfidfTransformer().fit(X), rows


@case("tfidf-transformer-unchecked")
def _(rng):
    """Without a norm, old releases take what is not finite."""
    X = counts(rng)
    rows = np.vstack([X[:9], [[1e308] * 12, [np.nan] + [1] * 11, [1] * 11 + [-np.inf], [-0.0] * 12]])
    return TfidfTransformer(norm=None).fit(X), rows


@case("tfidf-transformer-float32")
def _(rng):
    X = counts(rng).astype(np.float32)
    return TfidfTransformer(norm="l1").fit(X), np.vstack([X[:20], X[:5] / 3])


@case("tfidf-transformer-float32-rows")
def _(rng):
    X = counts(rng)
    return TfidfTransformer().fit(X), np.vstack([X[:20], X[:5] / 3]).astype(np.float32)


@case("tfidf-transformer-integers")
def _(rng):
    X = counts(rng).astype(np.int64)
    return TfidfTransformer(smooth_idf=False, norm=None).fit(X + 1), X[:20]


@case("tfidf-transformer-after-counts")
def _(rng):
    model = Pipeline([("count", CountVectorizer(ngram_range=(1, 2))), ("tfidf", TfidfTransformer(sublinear_tf=True))])
    return model.fit(TRAINING), documents()


# ---- HashingVectorizer ----

vectorizer("hashing-default", lambda: HashingVectorizer(n_features=64))
vectorizer("hashing-narrow", lambda: HashingVectorizer(n_features=5, norm="l1"))
vectorizer("hashing-binary", lambda: HashingVectorizer(n_features=7, binary=True, norm=None))
vectorizer("hashing-bigrams", lambda: HashingVectorizer(n_features=128, ngram_range=(1, 2), stop_words="english"))
vectorizer("hashing-char", lambda: HashingVectorizer(n_features=100, analyzer="char", ngram_range=(2, 3), norm=None))
vectorizer("hashing-float32", lambda: HashingVectorizer(n_features=33, dtype=np.float32))
vectorizer("hashing-float32-l1", lambda: HashingVectorizer(n_features=33, dtype=np.float32, norm="l1", strip_accents="ascii"))
vectorizer("hashing-unsigned", lambda: HashingVectorizer(n_features=64, alternate_sign=False), since=(0, 19))
vectorizer("hashing-non-negative", lambda: HashingVectorizer(n_features=6, non_negative=True), until=(0, 20))
vectorizer("hashing-int64", lambda: HashingVectorizer(n_features=9, dtype=np.int64, norm=None))


# ---- in models ----

@case("text-logistic")
def _(rng):
    return Pipeline([("tfidf", TfidfVectorizer()), ("model", LogisticRegression())]).fit(TRAINING, LABELS), documents()


@case("text-hashing-logistic")
def _(rng):
    return Pipeline([("hash", HashingVectorizer(n_features=2 ** 12)), ("model", LogisticRegression())]).fit(TRAINING, LABELS), documents()


@case("text-union")
def _(rng):
    union = FeatureUnion([("word", TfidfVectorizer(max_features=30)), ("char", CountVectorizer(analyzer="char_wb", max_features=20))])
    return union.fit(TRAINING), documents()


@case("text-union-weights")
def _(rng):
    union = FeatureUnion([("word", TfidfVectorizer(max_features=30)), ("char", TfidfVectorizer(analyzer="char", max_features=20))],
                         transformer_weights={"word": 0.3})
    return union.fit(TRAINING), documents()


def table(texts):
    return pd.DataFrame({"price": np.arange(len(texts)) * 1.5 - 3, "text": pd.Series(texts, dtype=object),
                         "size": np.arange(len(texts)) % 4, "title": pd.Series(list(reversed(texts)), dtype=object)})


def columns(remainder, threshold=0.3):
    from sklearn.compose import ColumnTransformer  # since 0.20
    return ColumnTransformer([("text", TfidfVectorizer(max_features=25), "text"), ("numbers", StandardScaler(), ["price", "size"]),
                              ("title", CountVectorizer(max_features=10), "title")], remainder=remainder, sparse_threshold=threshold)


@case("text-columns", since=(0, 20))
def _(rng):
    return columns("drop").fit(table(TRAINING)), table(HOSTILE)


@case("text-columns-sparse", since=(0, 20))
def _(rng):
    return columns("drop", 1.0).fit(table(TRAINING)), table(HOSTILE)


@case("text-columns-logistic", since=(0, 20))
def _(rng):
    model = Pipeline([("columns", columns("drop")), ("model", LogisticRegression())])
    return model.fit(table(TRAINING), LABELS), table(HOSTILE)
