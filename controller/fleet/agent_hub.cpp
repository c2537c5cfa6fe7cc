#include "controller/fleet/agent_hub.hpp"

#include <unordered_map>

#include "certs/authority.hpp"
#include "controller/fleet/agent_session.hpp"
#include "controller/fleet/presence_log.hpp"
#include "controller/store/outage.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::fleet {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using transport::CloseCode;

constexpr std::chrono::seconds kStopTime{1};

class AgentHubImpl final : public AgentHub {
 public:
  AgentHubImpl(asio::any_io_executor executor, db::Database& database, Uuid instance)
      : agents_(database),
        presence_(executor, database, instance),
        writers_(executor, "agent links"),
        tasks_(executor, "agent hub") {
    tasks_.spawn("presence", presence_.run());
  }

  void connect_events(engine::AgentEvents& events) override { events_ = &events; }
  void connect_observer(engine::AgentObserver& observer) override { presence_.connect_observer(observer); }

  std::optional<Uuid> incarnation(const Uuid& agent) const override {
    const auto session = sessions_.find(agent);
    if (session == sessions_.end()) return std::nullopt;
    return session->second->incarnation();
  }

  bool send(const Uuid& agent, const ControllerMessage& message) override {
    const auto session = sessions_.find(agent);
    return session != sessions_.end() && session->second->incarnation() && session->second->send(message);
  }

  void drop(const Uuid& agent, std::string_view why) override {
    close(agent, CloseCode::kTryAgainLater, why);
  }
  void disconnect(const Uuid& agent) override { close(agent, CloseCode::kPolicy, "revoked"); }
  std::size_t connected() const override { return sessions_.size(); }

  awaitable<void> serve(transport::WebSocketChannel channel) override;
  awaitable<void> stop() override;

 private:
  using Session = std::shared_ptr<AgentSession>;

  awaitable<void> attend(Session session);
  awaitable<bool> join(Session session, Hello hello);
  void leave(const Session& session);
  void close(const Uuid& agent, CloseCode code, std::string_view why);

  store::AgentPresence agents_;
  PresenceLog presence_;
  engine::AgentEvents* events_ = nullptr;
  std::unordered_map<Uuid, Session> sessions_;
  bool stopping_ = false;
  runtime::TaskGroup writers_;
  runtime::TaskGroup tasks_;
};

runtime::LogIds ids_of(const AgentSession& session) { return {.agent = session.agent().str()}; }

awaitable<void> AgentHubImpl::serve(transport::WebSocketChannel channel) {
  auto identity = certs::agent_identity(channel.peer_certificate());
  if (!identity) {
    runtime::log_warning(
        {}, fmt::format("{} opened an agent link without an agent's certificate", channel.remote_address()));
    co_return;  // the listener asks for a certificate; without one there is nothing to say
  }
  auto session = std::make_shared<AgentSession>(std::move(channel), std::move(*identity));
  auto write = [](Session writing) -> awaitable<void> { co_await writing->write_loop(); };
  writers_.spawn("agent writer", write(session));
  bool failed = false;
  try {
    co_await attend(session);
  } catch (const boost::system::system_error&) {
    leave(session);
    session->close(CloseCode::kGoingAway, "stopping");
    throw;
  } catch (const std::exception& error) {
    failed = true;
    if (!store::is_outage(error))
      runtime::log_error(ids_of(*session), fmt::format("agent link: {}", error.what()));
  }
  leave(session);
  session->close(failed ? CloseCode::kTryAgainLater : CloseCode::kNormal, failed ? "try again" : "");
}

awaitable<void> AgentHubImpl::attend(Session session) {
  const bool known = co_await agents_.may_connect(session->agent(), session->certificate_serial());
  if (!known || stopping_) {
    if (!known)
      runtime::log_warning(ids_of(*session), "refused an agent that is revoked or has an old certificate");
    session->close(known ? CloseCode::kGoingAway : CloseCode::kPolicy,
                   known ? "stopping" : "not an agent of this fleet");
    co_return;
  }
  auto hello = co_await session->hello();
  if (!hello) co_return;
  const bool joined = co_await join(session, std::move(*hello));
  if (joined) co_await session->read(*events_);
}

// One session an agent: a new one takes the place of the old. The link is in use once Welcome is on its way.
awaitable<bool> AgentHubImpl::join(Session session, Hello hello) {
  const Uuid agent = session->agent();
  if (const auto old = sessions_.find(agent); old != sessions_.end()) {
    const auto replaced = old->second;
    leave(replaced);
    replaced->close(CloseCode::kPolicy, "replaced by a newer connection");
  }
  sessions_.insert_or_assign(agent, session);
  store::Presence presence{agent, true, hello.agent_version, hello.os, hello.arch, hello.incarnation};
  const Uuid incarnation = hello.incarnation;
  auto welcome = co_await events_->connected(agent, std::move(hello));
  // Asked again now that a revocation finds the session: it may have come while Hello was waited for.
  const bool still_known = co_await agents_.may_connect(agent, session->certificate_serial());
  const auto present = sessions_.find(agent);
  if (present == sessions_.end() || present->second != session || session->closing()) co_return false;
  if (!still_known) {
    session->close(CloseCode::kPolicy, "revoked");
    co_return false;
  }
  if (!welcome) {
    runtime::log_warning(ids_of(*session), "refused an agent: " + welcome.error().message);
    session->close(CloseCode::kPolicy, welcome.error().message);
    co_return false;
  }
  welcome->time = std::chrono::floor<Time::duration>(std::chrono::system_clock::now());
  session->send(std::move(*welcome));
  session->make_ready(incarnation);
  runtime::log_info(ids_of(*session), fmt::format("agent connected, version {}", presence.version));
  presence_.note(std::move(presence));
  events_->ready(agent);
  co_return true;
}

// Forgets the session if it is the agent's present one; the engine is told when the link had been in use.
void AgentHubImpl::leave(const Session& session) {
  const auto present = sessions_.find(session->agent());
  if (present == sessions_.end() || present->second != session) return;
  sessions_.erase(present);
  if (!session->was_ready()) return;
  runtime::log_info(ids_of(*session), fmt::format("agent disconnected: {}", session->end_reason()));
  presence_.note({.agent = session->agent(), .connected = false, .silent_for = session->silent_for()});
  events_->disconnected(session->agent());
}

void AgentHubImpl::close(const Uuid& agent, CloseCode code, std::string_view why) {
  const auto session = sessions_.find(agent);
  if (session == sessions_.end()) return;
  runtime::log_info(ids_of(*session->second), fmt::format("agent link is closed: {}", why));
  session->second->close(code, why);
}

awaitable<void> AgentHubImpl::stop() {
  if (stopping_) co_return;
  stopping_ = true;
  std::vector<Session> open;
  open.reserve(sessions_.size());
  for (const auto& [agent, session] : sessions_) open.push_back(session);
  for (const auto& session : open) {
    leave(session);
    session->close(CloseCode::kGoingAway, "stopping");
  }
  co_await runtime::with_deadline(writers_.wait(), kStopTime);
  co_await writers_.stop();
  co_await tasks_.stop();
  co_await presence_.flush();
}

}  // namespace

std::unique_ptr<AgentHub> AgentHub::create(asio::any_io_executor executor, db::Database& database,
                                           Uuid instance) {
  return std::make_unique<AgentHubImpl>(std::move(executor), database, instance);
}

}  // namespace runbook::fleet
