// AgentReports: what agents say, made into news for the writer: the compare at Hello, and each later message
// checked for whose attempt it is about. Agents are strangers: whatever does not fit drops the link. On the
// I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

#include "controller/engine/attempt_writer.hpp"
#include "controller/engine/context.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::engine {

class AgentReports {
 public:
  AgentReports(Context& context, AttemptWriter& writer) : context_(context), writer_(writer) {}

  // kForbidden when it names another agent's attempt.
  boost::asio::awaitable<Result<Welcome>> connected(Uuid agent, Hello hello);
  void ready(const Uuid& agent);
  void disconnected(const Uuid& agent);
  boost::asio::awaitable<void> revoked(Uuid agent);
  void started(const Uuid& agent, const Started& message);
  void refused(const Uuid& agent, Refused message);
  void finished(const Uuid& agent, Finished message);
  void output(const Uuid& agent, OutputFrame frame);

 private:
  bool is_open(const Uuid& agent, const Uuid& attempt) const;
  void stray(const Uuid& agent, const Refused& message);
  boost::asio::awaitable<void> tell(store::AuditEvent event);
  bool has_own_stop(const OpenAttempt& attempt) const;
  // The agent's attempt; null when the message is to be ignored (an echo of a closed attempt, or the link
  // dropped).
  std::shared_ptr<OpenAttempt> own(const Uuid& agent, const Uuid& attempt, std::string_view message);

  Context& context_;
  AttemptWriter& writer_;
};

}  // namespace runbook::engine
