// Error answers as RFC 9457 problem documents, and the one place where an ErrorCode becomes an HTTP status.
// Pure.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <string_view>
#include <vector>

#include "controller/http/message.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::http {

unsigned status_of(ErrorCode code);
// The word of the problem's "code" member: "not_found", "conflict", …
std::string_view word(ErrorCode code);
std::string_view reason_phrase(unsigned status);

// application/problem+json {type, title, status, detail, code, request_id, errors?}. 401 carries
// WWW-Authenticate, 429 and 503 Retry-After.
Response problem(const Error& error, std::string_view request_id);
// For what has no ErrorCode: 405, 408, 417, 426, 431, 500, 505.
Response problem(unsigned status, std::string_view code, std::string_view message,
                 std::string_view request_id);

void set_retry_after(Response& response, std::chrono::seconds wait);

// [{pointer, code, message}]
boost::json::array faults_json(const std::vector<Fault>& faults);

Response json_response(unsigned status, const boost::json::value& body);

}  // namespace runbook::http
