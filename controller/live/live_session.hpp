// LiveSession: one client of /live. Its reader takes requests; its feeder loads snapshots and reads stored
// output for streams the client is behind on, never more than fits; events and level output are pushed as
// they are told. To a client whose rights are limited nothing goes that the database did not say is within
// its reach after it was told: its events wait for that, and its output is always read. On the controller's
// I/O thread; shared by its coroutines and the hub.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/auth/principal.hpp"
#include "controller/domain/scope.hpp"
#include "controller/live/live_request.hpp"
#include "controller/live/subscription.hpp"
#include "controller/store/execution_views.hpp"
#include "controller/store/stream_reader.hpp"
#include "protocol/runtime/wake_up.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::live {

// Told what a session watches, so that events find it.
class WatchList {
 public:
  virtual ~WatchList() = default;
  virtual void watch(const Uuid& execution) = 0;
  virtual void unwatch(const Uuid& execution) = 0;
};

class LiveSession {
 public:
  LiveSession(boost::asio::any_io_executor executor, transport::WebSocketChannel channel,
              auth::Principal principal, store::ExecutionViews& views, store::StreamReader& streams,
              WatchList& watch_list);

  boost::asio::awaitable<void> read();  // until the connection ends
  boost::asio::awaitable<void> write_loop();
  boost::asio::awaitable<void> feed();  // until end()
  void end();
  void close(transport::CloseCode code, std::string_view why) { channel_.close(code, why); }
  void cut_off(transport::CloseCode code, std::string_view why) { channel_.cut_off(code, why); }

  void event(const Uuid& execution, std::int64_t seq, const std::string& text);
  void output(const engine::CommittedOutput& piece);
  void overview(const Uuid& execution, const std::string& text);
  void agent(const domain::Labels& labels, const std::string& text);
  void look_again();  // whether all that is watched is still within reach
  bool watches(const Uuid& execution) const { return subscriptions_.contains(execution); }

 private:
  // Of a byte in its stream.
  struct LinePlace {
    std::uint64_t newlines;  // before it
    bool begins_line;
  };
  // An event that waits until it is known to be within reach.
  struct Unchecked {
    Uuid execution;
    std::optional<std::int64_t> seq;  // nothing: of the topic of all executions
    std::string text;
  };
  // A stream to be read, if its subscription is still the same.
  struct Behind {
    Uuid execution;
    std::uint64_t generation;
    Uuid attempt;
    Stream stream;
  };

  bool may_read() const { return !reach_.nothing(); }
  bool limited() const { return !reach_.unlimited(); }
  void hold(Unchecked event);
  boost::asio::awaitable<void> check();
  void tell(const Uuid& execution, std::int64_t seq, const std::string& text);
  void lose(const Uuid& execution);

  void handle(const transport::WebSocketMessage& message);
  void subscribe(Subscribe request);
  void unsubscribe(const Uuid& execution);
  void refuse(const Error& error);
  void error_event(std::string_view code, std::string_view message, const Uuid* execution = nullptr);
  void push_text(std::string text);

  boost::asio::awaitable<void> load(Uuid execution);
  boost::asio::awaitable<void> read_behind(Behind behind);
  void load_holes();
  Subscription* find(const Uuid& execution, std::uint64_t generation);
  void fall_behind(Subscription& subscription, FollowedAttempt& attempt, Stream stream);
  void push_output(Subscription& subscription, FollowedAttempt& attempt, Stream stream, std::string_view data,
                   LinePlace place);
  void announce(const Subscription& subscription, FollowedAttempt& attempt);

  transport::WebSocketChannel channel_;
  domain::Reach reach_;
  store::ExecutionViews& views_;
  store::StreamReader& streams_;
  WatchList& watch_list_;
  std::map<Uuid, std::unique_ptr<Subscription>> subscriptions_;
  std::deque<Uuid> to_load_;
  std::deque<Behind> behind_;
  std::vector<Unchecked> unchecked_;
  bool look_again_ = false;
  bool executions_topic_ = false;
  bool agents_topic_ = false;
  bool ended_ = false;
  std::uint64_t next_generation_ = 0;
  std::uint32_t next_index_ = 0;
  runtime::WakeUp wake_;
};

}  // namespace runbook::live
