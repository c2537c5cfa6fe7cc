// The credentials of a step: which ones its block names, which ones were frozen with it, and how a request
// sends one. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "controller/store/execution_store.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::engine {

// Names in a block's config, in its order.
std::vector<std::string> named_credentials(const domain::Block& block);

// What is wrong with the credentials a block names: unknown ones, those of other runbooks
// and those of the wrong type. `pointer` is
// the config's.
std::vector<Fault> judge_credentials(const domain::Block& block,
                                     const std::vector<store::CredentialName>& known,
                                     const std::string& pointer);

// As `credentials` of what is frozen with a step: [{"id", "name"}]; the type is not kept.
boost::json::array frozen_credentials(const std::vector<store::CredentialName>& used);
std::vector<store::CredentialName> used_credentials(const boost::json::object& frozen);

// How `secret` is sent: "bearer", "basic" (it is user:password) or "header" (it is "Name: value"). kInvalid
// when it has another form; the message never repeats it.
Result<std::pair<std::string, std::string>> credential_header(std::string_view auth, std::string_view secret);

// What of it an answer must not show.
std::vector<std::string> secrets_in(std::string_view auth, std::string_view secret);

}  // namespace runbook::engine
