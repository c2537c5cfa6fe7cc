#include "controller/fleet/agent_hub.hpp"

#include <unordered_map>

#include "certs/authority.hpp"
#include "controller/fleet/agent_session.hpp"
#include "controller/fleet/presence_log.hpp"
#include "controller/fleet/revocation_watch.hpp"
#include "controller/store/audit_store.hpp"
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
  AgentHubImpl(asio::any_io_executor executor, db::Database& database, Uuid instance,
               std::vector<std::string> authorities, const store::AuditTrail& trail)
      : certificates_(database),
        audit_(database),
        trail_(trail),
        authorities_(std::move(authorities)),
        presence_(executor, database, instance),
        watch_(
            executor, database, [this] { return open_links(); },
            [this](store::EndedLink ended) { return cut(std::move(ended)); }),
        writers_(executor, "agent links"),
        tasks_(executor, "agent hub") {
    tasks_.spawn("presence", presence_.run());
    tasks_.spawn("revocations", watch_.run());
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
  void refuse(const Uuid& agent, std::string_view why) override;
  void disconnect(const Uuid& agent) override;
  std::size_t connected() const override { return sessions_.size(); }

  awaitable<void> serve(transport::WebSocketChannel channel) override;
  awaitable<void> stop() override;

 private:
  using Session = std::shared_ptr<AgentSession>;

  awaitable<void> attend(Session session);
  awaitable<bool> join(Session session, Hello hello);
  void leave(const Session& session);
  void close(const Uuid& agent, CloseCode code, std::string_view why);
  std::vector<store::OpenLink> open_links() const;
  awaitable<void> cut(store::EndedLink ended);
  awaitable<void> tell_refusal(Session session, std::string why);

  store::AgentCertificates certificates_;
  store::AuditStore audit_;
  const store::AuditTrail& trail_;
  std::vector<std::string> authorities_;
  PresenceLog presence_;
  RevocationWatch watch_;
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
  const bool known = co_await certificates_.usable(session->agent(), session->certificate_serial());
  if (!known) {
    session->expel("not an agent of this fleet");
    co_await tell_refusal(session, "its certificate was revoked or replaced, or is of nobody");
    co_return;
  }
  if (stopping_) {
    session->close(CloseCode::kGoingAway, "stopping");
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
  const bool still_known = co_await certificates_.use(agent, session->certificate_serial());
  const auto present = sessions_.find(agent);
  if (present == sessions_.end() || present->second != session || session->closing()) co_return false;
  if (!still_known) {
    session->expel("revoked");
    co_return false;
  }
  if (!welcome) {
    session->expel(welcome.error().message);
    co_await tell_refusal(session, welcome.error().message);
    co_return false;
  }
  welcome->authorities = authorities_;
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

void AgentHubImpl::disconnect(const Uuid& agent) {
  const auto session = sessions_.find(agent);
  if (session == sessions_.end()) return;
  runtime::log_info(ids_of(*session->second), "agent link is cut: revoked");
  session->second->expel("revoked");
}

void AgentHubImpl::refuse(const Uuid& agent, std::string_view why) {
  const auto session = sessions_.find(agent);
  if (session == sessions_.end() || session->second->closing()) return;
  session->second->expel(why);
  tasks_.spawn("refusal", tell_refusal(session->second, std::string(why)));
}

std::vector<store::OpenLink> AgentHubImpl::open_links() const {
  std::vector<store::OpenLink> open;
  open.reserve(sessions_.size());
  for (const auto& [agent, session] : sessions_) open.push_back({agent, session->certificate_serial()});
  return open;
}

// Told of by the watch: the revocation may be another controller's, so this one's executions learn of it
// here. An agent whose certificate alone has ended comes back with the one it has now.
awaitable<void> AgentHubImpl::cut(store::EndedLink ended) {
  const Uuid agent = ended.link.agent;
  const auto found = sessions_.find(agent);
  if (found == sessions_.end() || found->second->closing() ||
      found->second->certificate_serial() != ended.link.serial)
    co_return;
  const auto session = found->second;
  if (!ended.revoked) {
    runtime::log_info(ids_of(*session), "agent link is cut: its certificate has ended");
    session->expel("its certificate has ended", CloseCode::kTryAgainLater);
    co_return;
  }
  try {
    co_await events_->agent_revoked(agent);
  } catch (const boost::system::system_error&) {
    throw;  // cancelled
  } catch (const std::exception& error) {
    runtime::log_warning({.agent = agent.str()},
                         fmt::format("its attempts are given up later: {}", error.what()));
  }
  disconnect(agent);
}

// A flood of one address is told of by its number (AuditStore).
awaitable<void> AgentHubImpl::tell_refusal(Session session, std::string why) {
  runtime::log_warning(ids_of(*session), "refused an agent: " + why);
  store::Origin by(trail_);
  by.address = session->remote_address();
  store::AuditEvent event{.action = "agent.refused", .object_type = "agent", .object_id = session->agent()};
  event.reason = std::move(why);
  try {
    co_await audit_.refused(std::move(by), std::move(event));
  } catch (const boost::system::system_error&) {
    throw;  // cancelled
  } catch (const std::exception& error) {
    runtime::log_error(ids_of(*session),
                       fmt::format("a refusal is not in the audit trail: {}", error.what()));
  }
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
                                           Uuid instance, std::vector<std::string> authorities,
                                           const store::AuditTrail& trail) {
  return std::make_unique<AgentHubImpl>(std::move(executor), database, instance, std::move(authorities),
                                        trail);
}

}  // namespace runbook::fleet
