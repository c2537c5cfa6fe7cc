#include "controller/engine/api_caller.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <deque>
#include <map>
#include <stdexcept>

#include "controller/domain/circuit_breaker.hpp"
#include "controller/engine/api_outcome.hpp"
#include "controller/engine/http_request.hpp"
#include "controller/metrics/metrics.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"
#include "protocol/runtime/wake_up.hpp"

namespace runbook::engine {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::steady_clock;

Time system_time() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

// One try: waiting for a thread, then under way on one, then over.
struct Call {
  Call(const asio::any_io_executor& executor, Uuid id, domain::ApiRequest asked, domain::ApiConfig block)
      : step(id), request(std::move(asked)), config(std::move(block)), over(executor) {}

  Uuid step;
  domain::ApiRequest request;
  domain::ApiConfig config;
  std::string host;
  steady_clock::time_point deadline;
  steady_clock::time_point begun;
  std::atomic<bool> given_up{false};  // read on the thread
  bool running = false;
  std::optional<domain::ApiOutcome> outcome;
  runtime::WakeUp over;
};
using CallPtr = std::shared_ptr<Call>;

// What a thread gives back.
struct Ended {
  HttpAnswer answer;
  domain::ApiOutcome outcome;
};

domain::ApiOutcome not_sent(std::string error, bool transient) {
  domain::ApiOutcome outcome;
  outcome.error = std::move(error);
  outcome.transient = transient;
  outcome.sent = false;
  return outcome;
}

}  // namespace

// Shared with the tasks, so that one that is resumed late still finds it.
struct ApiCaller::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor io, metrics::Metrics& counters, Settings given)
      : executor(std::move(io)),
        metrics(counters),
        settings(std::move(given)),
        pool(limits::kApiThreads, limits::kApiThreads + 1),
        tasks(executor, "api requests") {
    if (!settings.now) settings.now = &system_time;
  }

  void begin_waiting();
  void begin(const CallPtr& call);
  void end(const CallPtr& call, domain::ApiOutcome outcome, std::string_view label);
  void give_up(const CallPtr& call);
  void show_circuits() const;
  domain::ApiOutcome open_circuit(const std::string& host, Time next_probe_at) const;
  void circuit_ended(const std::string& host, domain::CircuitBreaker::Ticket ticket,
                     domain::CircuitEvent event);
  static awaitable<void> run(std::shared_ptr<State> state, CallPtr call,
                             domain::CircuitBreaker::Ticket ticket);
  static Ended send(const Call& call, const std::vector<domain::Network>& allowed,
                    const std::function<Time()>& now);

  asio::any_io_executor executor;
  metrics::Metrics& metrics;
  Settings settings;
  domain::CircuitBreakers circuits;
  std::vector<CallPtr> calls;  // whose call() has not returned
  std::deque<CallPtr> waiting;
  std::size_t under_way = 0;
  bool stopping = false;
  runtime::BlockingPool pool;
  runtime::TaskGroup tasks;
};

void ApiCaller::State::begin_waiting() {
  while (!waiting.empty() && under_way < limits::kApiThreads && !stopping) {
    const auto call = waiting.front();
    waiting.pop_front();
    begin(call);
  }
}

void ApiCaller::State::begin(const CallPtr& call) {
  const auto origin = HttpOrigin::of(call->request.url);
  if (!origin) return end(call, not_sent(origin.error().message, false), "refused");
  call->host = origin->authority();
  const Time now = settings.now();
  const auto admission = circuits.admit(call->host, now);
  if (!admission.ticket) {
    return end(call, open_circuit(call->host, *admission.next_probe_at), "open_circuit");
  }
  show_circuits();
  call->running = true;
  call->begun = steady_clock::now();
  ++under_way;
  tasks.spawn("api request", run(shared_from_this(), call, *admission.ticket));
}

// On a thread of the pool.
Ended ApiCaller::State::send(const Call& call, const std::vector<domain::Network>& allowed,
                             const std::function<Time()>& now) {
  const HttpLimits limits{allowed, call.deadline,
                          [&call](int status) { return domain::is_expected(call.config, status); }};
  Ended ended;
  ended.answer = send_request(call.request, limits, call.given_up);
  const Masker masker(call.request.secrets);
  mask(ended.answer, masker);
  ended.outcome = api_outcome(ended.answer, call.config, now());
  mask(ended.outcome, masker);
  return ended;
}

awaitable<void> ApiCaller::State::run(std::shared_ptr<State> state, CallPtr call,
                                      domain::CircuitBreaker::Ticket ticket) {
  Ended ended;
  auto event = domain::CircuitEvent::kReleased;
  std::string_view label = "refused";
  try {
    auto work = [call, state] { return send(*call, state->settings.allowed, state->settings.now); };
    ended = co_await state->pool.run(std::move(work));
    event = circuit_event(ended.answer, call->config);
    label = result_label(ended.answer, ended.outcome);
  } catch (const std::exception& error) {
    if (!state->stopping) {
      runtime::log_error({.step = call->step.str()}, fmt::format("an API request failed: {}", error.what()));
    }
    ended.outcome = not_sent("the request could not be sent", false);
  }
  --state->under_way;
  state->circuit_ended(call->host, ticket, event);
  state->end(call, std::move(ended.outcome), label);
  state->begin_waiting();
}

void ApiCaller::State::circuit_ended(const std::string& host, domain::CircuitBreaker::Ticket ticket,
                                     domain::CircuitEvent event) {
  const auto changed = circuits.ended(host, ticket, event, settings.now());
  if (!changed) return;
  show_circuits();
  if (*changed == domain::CircuitState::kClosed) {
    runtime::log_info({}, fmt::format("the circuit for {} is closed again", host));
  } else if (event == domain::CircuitEvent::kFailure) {
    runtime::log_warning({}, fmt::format("the circuit for {} is open after {} failures", host,
                                         circuits.find(host)->failures()));
  }
}

void ApiCaller::State::show_circuits() const {
  std::map<std::string, std::string> states;
  for (const auto& [host, state] : circuits.states()) states.emplace(host, domain::to_string(state));
  metrics.api_circuits(states);
}

domain::ApiOutcome ApiCaller::State::open_circuit(const std::string& host, Time next_probe_at) const {
  const auto& breaker = *circuits.find(host);
  auto outcome =
      not_sent(fmt::format("the circuit for {} is open since {} after {} failures; next probe at {}", host,
                           rfc3339(breaker.open_since()), breaker.failures(), rfc3339(next_probe_at)),
               true);
  outcome.not_before = next_probe_at;
  return outcome;
}

void ApiCaller::State::end(const CallPtr& call, domain::ApiOutcome outcome, std::string_view label) {
  const auto took = call->running ? steady_clock::now() - call->begun : steady_clock::duration{};
  metrics.api_request_ended(label, took);
  outcome.jitter = runtime::random_unit();
  call->running = false;
  call->outcome = std::move(outcome);
  call->over.notify();
}

void ApiCaller::State::give_up(const CallPtr& call) {
  call->given_up = true;
  if (call->running || call->outcome) return;
  std::erase(waiting, call);
  end(call, not_sent("the request was given up", false), "given_up");
}

// Keeps a call in the lists; however its coroutine ends, its request is not left behind.
class ApiCaller::Listed {
 public:
  Listed(std::shared_ptr<State> state, CallPtr call) : state_(std::move(state)), call_(std::move(call)) {
    state_->calls.push_back(call_);
    state_->waiting.push_back(call_);
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() {
    call_->given_up = true;
    std::erase(state_->waiting, call_);
    std::erase(state_->calls, call_);
  }

 private:
  std::shared_ptr<State> state_;
  CallPtr call_;
};

ApiCaller::ApiCaller(asio::any_io_executor executor, metrics::Metrics& metrics, Settings settings) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_ALL);
  if (ready != CURLE_OK) throw std::runtime_error("libcurl cannot be used");
  state_ = std::make_shared<State>(std::move(executor), metrics, std::move(settings));
}

ApiCaller::~ApiCaller() {
  state_->stopping = true;
  for (const auto& call : state_->calls) call->given_up = true;
  state_->pool.join();
}

awaitable<domain::ApiOutcome> ApiCaller::call(Uuid step, domain::ApiRequest request, domain::ApiConfig config,
                                              Time deadline) {
  const auto state = state_;
  const auto call = std::make_shared<Call>(state->executor, step, std::move(request), std::move(config));
  call->deadline = steady_clock::now() + (deadline - state->settings.now());
  const Listed listed(state, call);
  state->begin_waiting();
  while (!call->outcome) {
    if (state->stopping) throw boost::system::system_error(asio::error::operation_aborted);
    if (!call->running && steady_clock::now() >= call->deadline) {
      state->end(call, not_sent("no thread was free to send the request in time", true), "no_thread");
      break;
    }
    const auto until = call->running ? steady_clock::time_point::max() : call->deadline;
    co_await call->over.wait_until(until);
  }
  co_return std::move(*call->outcome);
}

void ApiCaller::cancel(Uuid step) {
  const auto calls = state_->calls;
  for (const auto& call : calls) {
    if (call->step == step) state_->give_up(call);
  }
}

awaitable<void> ApiCaller::stop() {
  state_->stopping = true;
  for (const auto& call : state_->calls) {
    call->over.notify();
    call->given_up = true;
  }
  return state_->tasks.stop();
}

}  // namespace runbook::engine
