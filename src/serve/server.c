/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- socket ---- */

static int bind_one(const struct addrinfo *a)
{
    int yes = 1, fd = socket(a->ai_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0 &&
        fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static brine_status listen_on(const char *host, uint16_t port, int *ret_fd, brine_error *err)
{
    char service[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    snprintf(service, sizeof service, "%u", port);
    int failure = getaddrinfo(host, service, &hints, &found);
    if (failure)
        return brn_fail(err, BRINE_USAGE, "--host %s: %s", host, gai_strerror(failure));
    *ret_fd = -1;
    for (const struct addrinfo *a = found; a && *ret_fd < 0; a = a->ai_next)
        *ret_fd = bind_one(a);
    freeaddrinfo(found);
    if (*ret_fd < 0)
        return brn_fail_errno(err, "cannot listen on %s port %u", host, port);
    return BRINE_OK;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    const void *at = &address;
    return address.ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)at)->sin6_port)
                                         : ntohs(((const struct sockaddr_in *)at)->sin_port);
}

/* ---- loops ---- */

enum { MOST_THREADS = 256 };

struct loops {
    struct brn_http_shared shared;
    uint64_t work_limit;
    struct one_loop {
        struct loops *all;
        pthread_t thread;
        int listen_fd;
        brine_status status;
        brine_error error;
    } each[MOST_THREADS];
    unsigned count; /* that were started */
};

static void *run_loop(void *closure)
{
    struct one_loop *one = closure;
    one->status =
        brn_http_serve(&one->all->shared, one->listen_fd, one->all->work_limit, &one->error);
    if (one->status != BRINE_OK) /* the others are of no use to a client that waits for this one */
        kill(getpid(), SIGTERM);
    return NULL;
}

static brine_status start_loops(struct loops *loops, unsigned count, int listen_fd,
                                brine_error *err)
{
    for (; loops->count < count; loops->count++) {
        struct one_loop *one = &loops->each[loops->count];
        *one = (struct one_loop){.all = loops, .listen_fd = dup(listen_fd)};
        if (one->listen_fd < 0)
            return brn_fail_errno(err, "cannot start a thread");
        errno = pthread_create(&one->thread, NULL, run_loop, one);
        if (errno) {
            brine_status status = brn_fail_errno(err, "cannot start a thread");
            close(one->listen_fd);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status join_loops(struct loops *loops, brine_error *err)
{
    brine_status status = BRINE_OK;
    for (unsigned i = 0; i < loops->count; i++) {
        pthread_join(loops->each[i].thread, NULL);
        if (loops->each[i].status == BRINE_OK || status != BRINE_OK)
            continue;
        status = loops->each[i].status;
        if (err)
            *err = loops->each[i].error;
    }
    return status;
}

/* ---- signals ---- */

static void ending_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
}

/* Readiness goes first, so that no request is admitted by one loop while another drains. */
static void await_end(struct brn_service *service, int drain_write, const sigset_t *before)
{
    int number;
    sigset_t ending;
    ending_signals(&ending);
    sigwait(&ending, &number);
    atomic_store(&service->is_ready, false);
    brn_metrics_ready(service->metrics, false);
    close(drain_write);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* ---- the whole ---- */

static unsigned thread_count(unsigned asked)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned count = asked ? asked : cores > 0 ? (unsigned)cores : 1;
    return count < MOST_THREADS ? count : MOST_THREADS;
}

static brine_status serve_on(struct brn_service *service, const struct brn_server_options *options,
                             int listen_fd, const int drain[2], brine_error *err)
{
    static struct loops
        loops; /* there is one server in a process: it takes the process's signals */
    loops.count = 0;
    loops.work_limit = options->work_limit;
    loops.shared.service = service;
    loops.shared.limits = options->limits;
    loops.shared.drain_fd = drain[0];
    loops.shared.observe = options->observe;
    loops.shared.observer = options->closure;
    atomic_init(&loops.shared.buffered, 0);
    sigset_t ending, before;
    ending_signals(&ending);
    pthread_sigmask(SIG_BLOCK, &ending, &before);
    brine_status status = start_loops(&loops, thread_count(options->threads), listen_fd, err);
    uint16_t port = port_of(listen_fd);
    close(listen_fd);
    if (status != BRINE_OK)
        kill(getpid(), SIGTERM);
    else if (options->on_listening)
        options->on_listening(options->closure, options->host, port);
    await_end(service, drain[1], &before);
    brine_status ended = join_loops(&loops, err);
    return status != BRINE_OK ? status : ended;
}

brine_status brn_server_run(struct brn_service *service, const struct brn_server_options *options,
                            brine_error *err)
{
    int listen_fd, drain[2];
    BRN_TRY(listen_on(options->host, options->port, &listen_fd, err));
    if (pipe(drain) != 0) {
        close(listen_fd);
        return brn_fail_errno(err, "cannot make a pipe");
    }
    signal(SIGPIPE, SIG_IGN);
    atomic_store(&service->is_ready, true);
    brn_metrics_ready(service->metrics, true);
    brine_status status = serve_on(service, options, listen_fd, drain, err);
    close(drain[0]);
    return status;
}
