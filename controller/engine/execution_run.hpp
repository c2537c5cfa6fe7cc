// ExecutionRun: carries one leased execution to its end: asks the plan what is next, commits it, publishes,
// sends, and waits for news. What was lost or is in doubt is loaded again. On the I/O thread; shared with the
// writer, which tells it of committed attempts.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/engine/context.hpp"
#include "protocol/runtime/wake_up.hpp"

namespace runbook::engine {

// One numbered event: what changed. Its data is made when it is published.
struct EventRef {
  enum class Kind { kExecution, kStep, kHost };
  Kind kind = Kind::kExecution;
  domain::AttemptPlace place = {};
};

class ExecutionRun {
 public:
  // With `loaded` when the state is known to be what is stored.
  ExecutionRun(Context& context, Uuid execution, std::optional<store::LoadedExecution> loaded);

  // Returns when the execution ended or its lease was lost.
  boost::asio::awaitable<void> run();

  void wake() { wake_.notify(); }
  void reload();      // something changed that was not told here
  void lose_lease();  // run() returns without another write
  std::int64_t seq() const { return seq_; }
  bool is_loaded() const { return known_; }

  bool stop_requested() const { return loaded_.state.stop_requested_at.has_value(); }
  // Commits made elsewhere in this controller, told after they happened.
  void stop_requested_at(Time when);
  void step_completed(const Uuid& step, const std::string& note, Time when);
  void apply(const store::AttemptUpdate& update, const store::Stored::Attempt& stored);
  void step_output(const Uuid& step, std::uint64_t bytes);

  std::optional<domain::AttemptPlace> place(const Uuid& attempt) const;
  std::optional<std::size_t> step_index(const Uuid& step) const;
  bool concerns(const Uuid& agent) const { return agents_.contains(agent); }
  // Tells the commands of this agent to stop, if they should; called when its link is ready.
  void send_stops(const Uuid& agent);

  // Publishes events whose last one got number `last`.
  void publish(const std::vector<EventRef>& events, std::int64_t last);

 private:
  boost::asio::awaitable<bool> round();  // false: the run is over
  boost::asio::awaitable<void> load();
  boost::asio::awaitable<void> resolve(std::size_t step);
  boost::asio::awaitable<bool> commit();
  boost::asio::awaitable<void> wait();

  void index();
  store::ExecutionChanges changes(const std::vector<EventRef>& events) const;
  std::vector<EventRef> events() const;
  void committed(const std::vector<EventRef>& events, std::int64_t seq);
  void mark_unsent();
  void send_unsent();
  void send_unsent(const domain::StepState& step, const domain::AttemptState& attempt);
  void send_stops();
  void send_stop(const domain::AttemptPlace& place);
  void report(const std::vector<EventRef>& events);
  std::optional<Uuid> connected(const Uuid& agent) const { return context_.links.incarnation(agent); }

  Context& context_;
  store::LoadedExecution loaded_;
  domain::Plan plan_;
  std::int64_t seq_ = 0;
  bool known_ = false;
  bool lost_ = false;
  unsigned failures_ = 0;         // in a row
  std::vector<Uuid> dispatched_;  // by the last commit or the try of one
  std::unordered_map<Uuid, domain::AttemptPlace> places_;
  std::unordered_set<Uuid> agents_;
  runtime::WakeUp wake_;
};

}  // namespace runbook::engine
