// ExecutionRun: carries one leased execution to its end: asks the plan what is next, commits it, publishes,
// sends, and waits for news. What was lost or is in doubt is loaded again. On the I/O thread; shared with the
// writer, which tells it of committed attempts, and with the requests of its API steps.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/engine/context.hpp"
#include "controller/engine/event_data.hpp"
#include "controller/engine/run_command.hpp"
#include "protocol/runtime/wake_up.hpp"

namespace runbook::engine {

class ExecutionRun : public std::enable_shared_from_this<ExecutionRun> {
 public:
  // With `loaded` when the state is known to be what is stored.
  ExecutionRun(Context& context, Uuid execution, std::optional<store::LoadedExecution> loaded);

  // Returns when the execution ended or its lease was lost.
  boost::asio::awaitable<void> run();

  void wake() { wake_.notify(); }
  void reload();      // something changed that was not told here
  void lose_lease();  // run() returns without another write
  // What is stored has this number when nobody else changed the execution.
  std::int64_t expected_seq() const { return loaded_.seq; }

  bool stop_requested() const { return loaded_.state.stop_requested_at.has_value(); }
  // Commits of the writer, told after they happened.
  void apply(const store::AttemptUpdate& update, const store::Stored::Attempt& stored);
  void step_output(const Uuid& step, std::uint64_t bytes);

  std::optional<domain::AttemptPlace> place(const Uuid& attempt) const;
  bool concerns(const Uuid& agent) const { return agents_.contains(agent); }
  // Tells the commands of this agent to stop, if they should; called when its link is ready.
  void send_stops(const Uuid& agent);

  // Publishes events whose last one got number `last`.
  void publish(const std::vector<EventRef>& events, std::int64_t last);

 private:
  // The open try of an API step, as this process knows it.
  struct Call {
    std::size_t number = 0;  // how many tries the step has with it
    bool sent = false;
    bool noted = false;  // its end is part of the commit under way
    std::optional<domain::ApiOutcome> outcome = {};
  };

  boost::asio::awaitable<bool> round();  // false: the run is over
  boost::asio::awaitable<void> load();
  boost::asio::awaitable<bool> commit();
  boost::asio::awaitable<void> wait();
  void advance();
  void note_error(const std::string& error);
  boost::asio::awaitable<bool> give_up_step();  // these two answer as round() does
  boost::asio::awaitable<bool> abandon(std::string reason);

  // execution_prepare.cpp
  boost::asio::awaitable<void> prepare(std::size_t step);
  boost::asio::awaitable<domain::Prepared> evaluate(std::size_t step);
  boost::asio::awaitable<std::optional<std::string>> resolve(std::size_t step);  // what is wrong

  // execution_binding.cpp
  boost::asio::awaitable<void> seal(std::size_t step, domain::Prepared& prepared);
  boost::asio::awaitable<Binding> bind(std::size_t step);
  boost::asio::awaitable<void> check_bound();
  boost::asio::awaitable<bool> is_as_sealed(std::size_t step);
  bool is_sealed(const domain::StepState& step, const std::string& root) const;
  static bool is_repeat(const domain::StepState& step, const domain::StepState& first);
  bool is_to_be_sent(const domain::AttemptState& attempt) const;
  void refuse(std::size_t step, std::string reason);

  // execution_secrets.cpp
  bool open_parameters();  // false: they cannot be opened
  void open_steps();
  boost::asio::awaitable<void> open_credentials();
  boost::asio::awaitable<std::optional<std::string>> open_credentials(std::size_t step);  // what is wrong
  boost::asio::awaitable<void> name_credentials(std::size_t step, domain::Prepared& prepared);
  boost::asio::awaitable<std::optional<std::string>> add_secrets(Uuid step, domain::ApiConfig config,
                                                                 domain::ApiRequest& request);

  // execution_calls.cpp
  void find_calls();
  void note_outcomes();
  void mark_calls();
  void committed_calls();
  void send_calls();
  void give_up_calls();
  boost::asio::awaitable<void> call(std::shared_ptr<ExecutionRun> self, Uuid step, std::size_t number,
                                    domain::ApiRequest request, domain::ApiConfig config, Time deadline);
  bool is_open(const domain::StepState& step, const Call& call) const;

  // execution_state.cpp
  void index();
  void index(const domain::AttemptPlace& at);
  std::optional<std::size_t> step_index(const Uuid& step) const;
  void committed(const std::vector<EventRef>& events, std::int64_t seq);
  void report(const std::vector<EventRef>& events);

  // execution_send.cpp
  void mark_unsent();
  void forget_unsent();
  void send_unsent();
  void send_unsent(const domain::StepState& step, const domain::AttemptState& attempt);
  std::shared_ptr<OpenAttempt> open_attempt(const domain::StepState& step,
                                            const domain::AttemptState& attempt);
  void give_back(const domain::StepState& step, const domain::AttemptState& attempt, std::string reason,
                 bool lost);
  void send_stops();
  void send_stop(const domain::AttemptPlace& place);

  std::optional<Uuid> connected(const Uuid& agent) const { return context_.links.incarnation(agent); }
  bool interrupted() const { return !known_ || lost_; }
  CommandOrigin origin() const;

  Context& context_;
  store::LoadedExecution loaded_;  // `seq` counts what was told since
  domain::Plan plan_;
  std::int64_t seq_ = 0;  // the newest that was told: what is loaded must have it
  bool known_ = false;    // loaded_ is what is stored, but for what plan_ changes
  bool lost_ = false;
  unsigned failures_ = 0;     // in a row
  unsigned same_errors_ = 0;  // in a row, outages not counted
  std::string last_error_;
  std::optional<Uuid> changing_;  // the step of the decision that was tried last
  std::vector<Uuid> dispatched_;  // by the last commit or the try of one
  // Steps whose hosts run what was sealed when they were prepared, found so since they were loaded.
  std::unordered_map<Uuid, Binding> bound_;
  boost::json::object parameters_;    // with the secret ones
  std::vector<std::string> secrets_;  // to be masked in what its steps print and are answered
  bool parameters_open_ = false;
  std::unordered_map<Uuid, Call> calls_;
  std::unordered_map<Uuid, domain::AttemptPlace> places_;
  std::unordered_set<Uuid> agents_;
  runtime::WakeUp wake_;
};

}  // namespace runbook::engine
