// What of an execution with secret parameters may be stored and shown. A step is prepared twice, with the
// secrets and with kShownSecret in their place: what is shown comes from the second, so that it tells nothing
// whatever an expression makes of a secret; what differs is sealed. Pure but for the randomness of seals.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/execution/controls.hpp"
#include "controller/domain/execution/execution_state.hpp"
#include "controller/secrets/fernet.hpp"

namespace runbook::engine {

// Parameters as they are shown, and the secret ones apart.
struct PartedParameters {
  boost::json::object shown;
  boost::json::object secret;
};
PartedParameters parted_parameters(const std::vector<domain::Parameter>& parameters,
                                   boost::json::object values);

// Texts to be masked wherever they turn up.
std::vector<std::string> secret_texts(const boost::json::object& secret);

// Seals of one execution: what is taken from another one, or from another place in it, does not open.
class ExecutionSeals {
 public:
  ExecutionSeals(const secrets::FernetKeys& keys, Uuid execution) : keys_(keys), execution_(execution) {}

  // Name → token.
  std::map<std::string, std::string> seal(const boost::json::object& secret, Time now) const;
  std::optional<boost::json::object> open(const std::map<std::string, std::string>& sealed) const;

  // Masks what is sealed in what a person typed. kConflict when that cannot be opened, so that nothing is
  // stored that nobody could look through.
  Result<void> mask(const std::map<std::string, std::string>& sealed, domain::Control& control) const;

  // `prepared` as it may be stored; `shown` is the same step prepared without the secrets.
  domain::Prepared hidden(const domain::Block& block, domain::Prepared prepared,
                          const domain::Prepared& shown, Time now) const;
  // What was substituted in a step with its secrets; empty when it holds none, nothing when it does not open.
  std::optional<boost::json::object> open(const domain::StepState& step) const;

 private:
  const secrets::FernetKeys& keys_;
  Uuid execution_;
};

// Whether both steps have the same values, whichever key sealed them. Both are open.
bool same_values(const domain::StepState& one, const domain::StepState& other);

}  // namespace runbook::engine
