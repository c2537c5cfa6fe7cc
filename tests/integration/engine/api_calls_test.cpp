// Many calls of API blocks at once: waiting, giving up, stopping, and the circuits of hosts that fail.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <latch>
#include <semaphore>

#include "controller/domain/circuit_breaker.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/api_caller_fixture.hpp"
#include "tests/integration/engine/scripted_server.hpp"

namespace runbook::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kThreads = static_cast<std::ptrdiff_t>(limits::kApiThreads);

class ApiCallsTest : public ApiCallerFixture {
 protected:
  ApiCallsTest() { step_ = runtime::new_uuid(); }

  void fail(const ScriptedServer& server, int times) {
    for (int i = 0; i < times; ++i) EXPECT_EQ(get(server.url()).http_status, 500);
  }
  std::string circuit(const ScriptedServer& server, std::string_view state) const {
    return fmt::format("runbook_api_circuit{{host=\"{}\",state=\"{}\"}} 1", server.host(), state);
  }
};

TEST_F(ApiCallsTest, AreUnderWayTogetherAndLeaveTheLoopFree) {
  std::latch all_there(kThreads + 1);  // with the event loop itself
  std::atomic<std::ptrdiff_t> arrived = 0;
  ScriptedServer server([&](auto& connection, const auto&, int) {
    if (++arrived == kThreads) boost::asio::post(io_, [&] { all_there.count_down(); });
    all_there.arrive_and_wait();
    connection.answer(200);
  });
  int successes = 0;
  for (std::ptrdiff_t i = 0; i < kThreads; ++i) {
    start(request("GET", server.url()),
          [&](auto outcome) { successes += outcome && outcome->error.empty(); });
  }
  io_.run();
  EXPECT_EQ(successes, kThreads);
}

TEST_F(ApiCallsTest, WaitForAFreeThreadAndAllGetTheirTurn) {
  std::atomic<int> now_open = 0;
  std::atomic<int> most_open = 0;
  ScriptedServer server([&](auto& connection, const auto&, int) {
    const int open = ++now_open;
    int most = most_open;
    while (open > most && !most_open.compare_exchange_weak(most, open)) {}
    connection.answer(200, "", "Connection: close\r\n");
    --now_open;
  });
  int successes = 0;
  constexpr int kCalls = 300;
  for (int i = 0; i < kCalls; ++i) {
    start(request("GET", server.url()),
          [&](auto outcome) { successes += outcome && outcome->error.empty(); });
  }
  io_.run();
  EXPECT_EQ(successes, kCalls);
  EXPECT_EQ(server.requests().size(), static_cast<std::size_t>(kCalls));
  EXPECT_THAT(metrics_.text(), HasSubstr("runbook_api_requests_total{result=\"success\"} 300"));
  EXPECT_THAT(metrics_.text(), HasSubstr("runbook_api_request_duration_seconds_count 300"));
}

// Fills every thread with requests that the server keeps.
class ApiCallsWaitingTest : public ApiCallsTest {
 protected:
  void fill() {
    for (std::ptrdiff_t i = 0; i < kThreads; ++i) {
      start(request("GET", keeping_.url()), [this](auto outcome) {
        ++ended_;
        if (outcome) last_ = *outcome;
      });
    }
  }
  void release() { keep_.release(kThreads); }

  std::counting_semaphore<> keep_{0};
  ScriptedServer keeping_{[this](auto& connection, const auto&, int) {
    keep_.acquire();
    connection.answer(200);
  }};
  std::ptrdiff_t ended_ = 0;
  domain::ApiOutcome last_;
};

TEST_F(ApiCallsWaitingTest, TheDeadlineCountsWhileACallWaits) {
  fill();
  ScriptedServer server(always(200));
  domain::ApiOutcome late;
  boost::asio::co_spawn(io_, caller_->call(step_, request("GET", server.url()), {}, clock_.load() + 100ms),
                        [&](const std::exception_ptr&, domain::ApiOutcome outcome) {
                          late = std::move(outcome);
                          release();
                        });
  io_.run();
  EXPECT_EQ(late.error, "no thread was free to send the request in time");
  EXPECT_FALSE(late.sent);
  EXPECT_EQ(ended_, kThreads);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ApiCallsWaitingTest, AWaitingCallIsGivenUpAtOnce) {
  fill();
  ScriptedServer server(always(200));
  start(
      request("GET", server.url()),
      [&](auto outcome) {
        EXPECT_EQ(outcome.value_or(domain::ApiOutcome{}).error, "the request was given up");
        EXPECT_FALSE(outcome.value_or(domain::ApiOutcome{}).sent);
        EXPECT_EQ(ended_, 0);
        release();
      },
      step_);
  boost::asio::post(io_, [&] { caller_->cancel(step_); });
  io_.run();
  EXPECT_EQ(ended_, kThreads);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ApiCallsTest, ACallUnderWayIsGivenUpSoon) {
  ScriptedServer server([&](auto& connection, const auto&, int) {
    boost::asio::post(io_, [&] {
      caller_->cancel(runtime::new_uuid());  // of nothing
      caller_->cancel(step_);
    });
    connection.wait_until_closed();
  });
  const auto before = std::chrono::steady_clock::now();
  const auto outcome = get(server.url());
  EXPECT_EQ(outcome.error, "the request was given up");
  EXPECT_FALSE(outcome.transient);
  EXPECT_TRUE(outcome.sent);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 3s);
  EXPECT_THAT(metrics_.text(), HasSubstr("runbook_api_requests_total{result=\"given_up\"} 1"));
}

TEST_F(ApiCallsTest, StoppingAbortsWhatIsUnderWayAndWhatComesLater) {
  ScriptedServer server([&](auto& connection, const auto&, int) {
    boost::asio::post(io_, [&] {
      boost::asio::co_spawn(io_, caller_->stop(),
                            [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
    });
    connection.wait_until_closed();
  });
  bool aborted = false;
  start(request("GET", server.url()), [&](auto outcome) { aborted = !outcome; });
  io_.run();
  EXPECT_TRUE(aborted);
  aborted = false;
  start(request("GET", server.url()), [&](auto outcome) { aborted = !outcome; });
  io_.run();
  EXPECT_TRUE(aborted);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(ApiCallsTest, ACallWhoseCoroutineIsCancelledIsAborted) {
  boost::asio::cancellation_signal signal;
  ScriptedServer server([&](auto& connection, const auto&, int) {
    boost::asio::post(io_, [&] { signal.emit(boost::asio::cancellation_type::all); });
    connection.wait_until_closed();
  });
  bool aborted = false;
  boost::asio::co_spawn(io_, caller_->call(step_, request("GET", server.url()), {}, clock_.load() + 10s),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&](const std::exception_ptr& error, const domain::ApiOutcome&) {
                              aborted = !!error;
                            }));
  io_.run();  // the thread has given the request up when nothing is left to do
  EXPECT_TRUE(aborted);
}

TEST_F(ApiCallsTest, AHostThatFailsFiveTimesIsLeftAlone) {
  ScriptedServer server(always(500));
  ScriptedServer other(always(200));
  fail(server, domain::kCircuitFailures);
  clock_ = clock_.load() + 3s;
  const auto refused = get(server.url());
  const auto opened = rfc3339(clock_.load() - 3s);
  const auto probe = rfc3339(clock_.load() + 27s);
  EXPECT_EQ(refused.error,
            fmt::format("the circuit for {} is open since {} after 5 failures; next probe at {}",
                        server.host(), opened, probe));
  EXPECT_FALSE(refused.sent);
  EXPECT_TRUE(refused.transient);
  EXPECT_EQ(refused.not_before, clock_.load() + 27s);
  EXPECT_EQ(server.requests().size(), 5U);
  EXPECT_EQ(get(other.url()).error, "");
  EXPECT_THAT(metrics_.text(), HasSubstr(circuit(server, "open")));
  EXPECT_THAT(metrics_.text(), HasSubstr("runbook_api_requests_total{result=\"open_circuit\"} 1"));
}

TEST_F(ApiCallsTest, OneProbeDecidesAfterTheRest) {
  std::binary_semaphore keep{0};
  ScriptedServer server([&](auto& connection, const auto&, int number) {
    if (number < domain::kCircuitFailures) return connection.answer(500);
    keep.acquire();
    connection.answer(200);
  });
  fail(server, domain::kCircuitFailures);
  clock_ = clock_.load() + domain::kCircuitRest;
  int successes = 0;
  int refusals = 0;
  const auto count = [&](const std::optional<domain::ApiOutcome>& outcome) {
    if (outcome && outcome->error.empty()) ++successes;
    if (outcome && outcome->error.starts_with("the circuit")) ++refusals;
    if (refusals == 4 && successes == 0) {
      EXPECT_THAT(metrics_.text(), HasSubstr(circuit(server, "half_open")));
      keep.release();
    }
  };
  for (int i = 0; i < 5; ++i) start(request("GET", server.url()), count);
  io_.run();
  EXPECT_EQ(successes, 1);
  EXPECT_EQ(refusals, 4);
  EXPECT_EQ(server.requests().size(), 6U);
  EXPECT_THAT(metrics_.text(), HasSubstr(circuit(server, "closed")));
  EXPECT_THAT(metrics_.text(), Not(HasSubstr("state=\"open\"")));
  keep.release();
  EXPECT_EQ(get(server.url()).error, "");
}

TEST_F(ApiCallsTest, AProbeThatIsGivenUpFreesItsPlace) {
  ScriptedServer server([&](auto& connection, const auto&, int number) {
    if (number < domain::kCircuitFailures) return connection.answer(500);
    if (number > domain::kCircuitFailures) return connection.answer(200);
    boost::asio::post(io_, [&] { caller_->cancel(step_); });
    connection.wait_until_closed();
  });
  fail(server, domain::kCircuitFailures);
  clock_ = clock_.load() + domain::kCircuitRest;
  EXPECT_EQ(get(server.url()).error, "the request was given up");
  EXPECT_EQ(get(server.url()).error, "");
}

TEST_F(ApiCallsTest, WhatTheGuardRefusesSaysNothingAboutTheHost) {
  ScriptedServer forbidden(always(200), "127.0.0.2");
  for (int i = 0; i < 2 * domain::kCircuitFailures; ++i) {
    EXPECT_THAT(get(forbidden.url()).error, HasSubstr("loopback"));
  }
  EXPECT_THAT(metrics_.text(), HasSubstr("runbook_api_requests_total{result=\"refused\"} 10"));
}

TEST_F(ApiCallsTest, RefusalsOfTheServerDoNotOpenTheCircuit) {
  ScriptedServer server(always(429));
  for (int i = 0; i < 2 * domain::kCircuitFailures; ++i) EXPECT_EQ(get(server.url()).http_status, 429);
  EXPECT_EQ(server.requests().size(), 10U);
}

TEST_F(ApiCallsTest, AnExpectedServerErrorDoesNotOpenTheCircuit) {
  ScriptedServer server(always(503));
  domain::ApiConfig config;
  config.expected_status = {{503, 503}};
  for (int i = 0; i < 2 * domain::kCircuitFailures; ++i)
    EXPECT_EQ(call(request("GET", server.url()), std::chrono::seconds(10), config).error, "");
  EXPECT_EQ(server.requests().size(), 10U);
}

}  // namespace
}  // namespace runbook::engine
