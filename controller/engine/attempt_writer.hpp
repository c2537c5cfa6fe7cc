// AttemptWriter: stores what agents report, for all hosts and executions together: while one transaction
// commits, the next one gathers (ARCHITECTURE, decision 13). Only after a commit is anything acknowledged,
// published or woken. On the I/O thread; run() is one long-lived task.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "controller/engine/context.hpp"
#include "controller/engine/dispatch_refusals.hpp"
#include "controller/engine/execution_run.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/runtime/wake_up.hpp"

namespace runbook::engine {

class AttemptWriter {
 public:
  // `settle_late` is told of a step whose unknown attempt got a result after all; `start` runs a task.
  AttemptWriter(Context& context, std::function<void(Uuid execution, Uuid step)> settle_late,
                std::function<void(boost::asio::awaitable<void>)> start);

  // A frame of `attempt`, from its own agent. Repeated bytes are dropped; after a gap the agent is told to
  // come back.
  void output(const std::shared_ptr<OpenAttempt>& attempt, OutputFrame frame);
  void report(const std::shared_ptr<OpenAttempt>& attempt, AttemptNews news);

  // Returns at once unless too much output waits.
  boost::asio::awaitable<void> settle();

  boost::asio::awaitable<void> run();

 private:
  struct Piece {
    std::shared_ptr<OpenAttempt> attempt;
    Stream stream;
    std::uint64_t offset;
    std::shared_ptr<std::string> data;
  };
  // The events of one execution in a batch: of a run carried on here, or of attempts of others (`loose`).
  struct Events {
    std::vector<EventRef> refs;
    std::vector<std::size_t> loose;
  };
  // A batch and what it was made of.
  struct Draft {
    std::shared_ptr<store::Batch> batch = std::make_shared<store::Batch>();
    std::vector<std::shared_ptr<OpenAttempt>> attempts;  // as in the batch
    std::vector<std::size_t> news;                       // how many of each attempt's news it holds
    std::vector<std::size_t> piece_counts;               // of each attempt
    std::vector<Piece> pieces;
    std::unordered_map<Uuid, std::size_t> places;
    std::map<Uuid, Events> events;
    DispatchRefusals refusals;

    std::size_t place(const std::shared_ptr<OpenAttempt>& attempt);
    bool changes_state(std::size_t place) const;
    bool empty() const { return attempts.empty(); }
  };

  Draft gather();
  void gather_pieces(Draft& draft);
  void gather_news(Draft& draft, const std::shared_ptr<OpenAttempt>& attempt);
  bool output_is_there(const Draft& draft, const std::shared_ptr<OpenAttempt>& attempt,
                       const AttemptNews& news);
  void note_events(Draft& draft) const;

  boost::asio::awaitable<bool> store(Draft& draft);
  boost::asio::awaitable<bool> reconcile(Draft& draft);
  boost::asio::awaitable<void> verify(std::shared_ptr<OpenAttempt> attempt);
  void give_back(Draft& draft, const std::vector<store::StoredAttempt>& rows);

  void committed(Draft& draft, const store::Stored& stored);
  void show_output(const Draft& draft, const store::Stored& stored);
  void apply(Draft& draft, const store::Stored& stored);
  void publish(const Draft& draft, const store::Stored& stored);
  void answer(const Draft& draft);
  void list(const std::shared_ptr<OpenAttempt>& attempt);

  Context& context_;
  std::function<void(Uuid, Uuid)> settle_late_;
  std::function<void(boost::asio::awaitable<void>)> start_;
  std::deque<Piece> pieces_;
  std::size_t waiting_bytes_ = 0;
  std::vector<std::shared_ptr<OpenAttempt>> listed_;  // with news
  runtime::WakeUp wake_;
  boost::asio::steady_timer room_;
};

}  // namespace runbook::engine
