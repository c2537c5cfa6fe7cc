// Standing: what somebody who was let in may do, and whether it still holds; for connections that outlive
// their request. On the controller's I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

#include "controller/api/call.hpp"

namespace runbook::api {

// How often it is asked. With the moment that a positive answer is remembered for, and the time that
// a connection has to close, an end of rights ends the connection within a second.
inline constexpr std::chrono::milliseconds kJudgeEvery{300};

class Standing {
 public:
  Standing(Call& call, auth::Access access);

  // The key or session is valid, and its roles are those of the request. True in an outage: what is sent
  // comes from the same database.
  boost::asio::awaitable<bool> holds() const;

 private:
  auth::Authenticator& authenticator_;
  auth::Credentials credentials_;
  std::string grants_;  // as text
};

// A body that is cut off when its reader's standing ends, also while a piece of it is on its way. The broken
// answer tells that it is not whole.
class JudgedSource : public http::BodySource {
 public:
  explicit JudgedSource(Call& call) : standing_(call, auth::Access::kRead) {}
  boost::asio::awaitable<void> cut_off() override;

 private:
  Standing standing_;
};

}  // namespace runbook::api
