# SPDX-License-Identifier: Apache-2.0
"""Models behind a vectorizer: rows come compressed, and are multiplied as they are."""
import numpy as np
from sklearn import linear_model, naive_bayes, neural_network, svm
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.pipeline import Pipeline

from registry import VERSION, case

TRAINING = ["the quick brown fox jumps over the lazy dog", "the dog barks at the fox", "a lazy cat sleeps all day",
            "prices fall while rates rise", "the market closes higher on rates", "shares of the bank fall", "rates and prices and shares",
            "rain falls on the quiet town", "sun and wind over the town", "snow covers the quiet road", "wind and rain and snow",
            "the cat and the dog and the fox", "bank holiday with sun", "market day in the town"]
TOPICS = ["animal", "animal", "animal", "money", "money", "money", "money", "weather", "weather", "weather", "weather", "animal",
          "money", "weather"]
ROWS = TRAINING[::3] + ["", "nothing known", "fox fox fox fox rates", "the the the", "quiet market cat", "rain " * 60,
                        "snow and wind and sun and rain and town", "dog bank town", "Fox, DOG; prices!"]


def documents(texts):
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def plain(label, model, y=None, since=(0, 0), vectorizer=TfidfVectorizer, **parameters):
    """The model is made late, for versions that know it."""
    @case(label, since)
    def _(rng):
        target = TOPICS if y is None else y(rng)
        return Pipeline([("vectorizer", vectorizer(**parameters)), ("model", model())]).fit(TRAINING, target), documents(ROWS)


def binary(rng):
    return [int(topic == "money") for topic in TOPICS]


def amounts(rng):
    return rng.normal(0, 1, len(TOPICS))


def several(rng):
    return rng.normal(0, 1, (len(TOPICS), 3))


def labels(rng):
    return np.array([[topic == "animal", topic != "money", "the" in text] for topic, text in zip(TOPICS, TRAINING)]).astype(int)


LOG = "log_loss" if VERSION >= (1, 1) else "log"
plain("text-logistic-three", lambda: linear_model.LogisticRegression(solver="lbfgs", C=5))
plain("text-logistic-float32", lambda: linear_model.LogisticRegression(solver="lbfgs"), dtype=np.float32, since=(0, 20))
plain("text-linearsvc", lambda: svm.LinearSVC(random_state=1))
plain("text-linearsvc-binary", lambda: svm.LinearSVC(random_state=1), binary, ngram_range=(1, 2))
plain("text-sgd", lambda: linear_model.SGDClassifier(random_state=1, loss=LOG), vectorizer=HashingVectorizer, n_features=256)
plain("text-sgd-huber", lambda: linear_model.SGDClassifier(random_state=1, loss="modified_huber"), binary)
plain("text-passive-aggressive", lambda: linear_model.PassiveAggressiveClassifier(random_state=1))
plain("text-perceptron", lambda: linear_model.Perceptron(random_state=1), vectorizer=CountVectorizer)
plain("text-ridge-classifier", lambda: linear_model.RidgeClassifier())
plain("text-ridge-labels", lambda: linear_model.RidgeClassifier(), labels, since=(1, 0))
plain("text-ridge", lambda: linear_model.Ridge(), amounts)
plain("text-ridge-targets", lambda: linear_model.Ridge(), several)
plain("text-lasso", lambda: linear_model.Lasso(alpha=0.01), amounts)
plain("text-linearsvr", lambda: svm.LinearSVR(random_state=1), amounts)
plain("text-one-class", lambda: linear_model.SGDOneClassSVM(random_state=1), since=(1, 0))
plain("text-poisson", lambda: linear_model.PoissonRegressor(), lambda rng: rng.poisson(2, len(TOPICS)), since=(0, 23))
plain("text-multinomial", lambda: naive_bayes.MultinomialNB(), vectorizer=CountVectorizer)
plain("text-multinomial-tfidf", lambda: naive_bayes.MultinomialNB(alpha=0.1), binary)
plain("text-complement", lambda: naive_bayes.ComplementNB(), vectorizer=CountVectorizer, since=(0, 20))
plain("text-bernoulli", lambda: naive_bayes.BernoulliNB(), vectorizer=CountVectorizer)
plain("text-bernoulli-threshold", lambda: naive_bayes.BernoulliNB(binarize=0.3))
plain("text-bernoulli-signed", lambda: naive_bayes.BernoulliNB(), vectorizer=HashingVectorizer, n_features=32)
plain("text-network", lambda: neural_network.MLPClassifier(hidden_layer_sizes=(9,), random_state=1, max_iter=30))
plain("text-network-one-unit", lambda: neural_network.MLPRegressor(hidden_layer_sizes=(1,), random_state=1, max_iter=30), amounts)
