#include "controller/http/problem.hpp"

#include <string>

namespace runbook::http {
namespace {

struct CodeWords {
  unsigned status;
  std::string_view word;
};

CodeWords words(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed: return {400, "malformed"};
    case ErrorCode::kUnauthenticated: return {401, "unauthenticated"};
    case ErrorCode::kForbidden: return {403, "forbidden"};
    case ErrorCode::kNotFound: return {404, "not_found"};
    case ErrorCode::kConflict: return {409, "conflict"};
    case ErrorCode::kPreconditionFailed: return {412, "precondition_failed"};
    case ErrorCode::kTooLarge: return {413, "too_large"};
    case ErrorCode::kUnsupportedMedia: return {415, "unsupported_media_type"};
    case ErrorCode::kInvalid: return {422, "invalid"};
    case ErrorCode::kTooMany: return {429, "too_many_requests"};
    case ErrorCode::kUnavailable: return {503, "unavailable"};
  }
  return {500, "internal_error"};
}

}  // namespace

boost::json::array faults_json(const std::vector<Fault>& faults) {
  boost::json::array errors;
  errors.reserve(faults.size());
  for (const Fault& fault : faults) {
    boost::json::object entry;
    entry["pointer"] = fault.pointer;
    entry["code"] = fault.code;
    entry["message"] = fault.message;
    errors.push_back(std::move(entry));
  }
  return errors;
}

namespace {

Response build(unsigned status, std::string_view code, std::string_view message, std::string_view request_id,
               const std::vector<Fault>& faults) {
  boost::json::object document;
  document["type"] = "about:blank";
  document["title"] = reason_phrase(status);
  document["status"] = status;
  document["detail"] = message;
  document["code"] = code;
  document["request_id"] = request_id;
  if (!faults.empty()) document["errors"] = faults_json(faults);

  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
  response.body = boost::json::serialize(document);
  return response;
}

}  // namespace

unsigned status_of(ErrorCode code) { return words(code).status; }

std::string_view word(ErrorCode code) { return words(code).word; }

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

Response problem(const Error& error, std::string_view request_id) {
  const auto [status, code] = words(error.code);
  return build(status, code, error.message, request_id, error.faults);
}

Response problem(unsigned status, std::string_view code, std::string_view message,
                 std::string_view request_id) {
  return build(status, code, message, request_id, {});
}

void set_retry_after(Response& response, std::chrono::seconds wait) {
  for (auto& [name, value] : response.headers) {
    if (name == "Retry-After") value = std::to_string(wait.count());
  }
}

Response json_response(unsigned status, const boost::json::value& body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = boost::json::serialize(body);
  return response;
}

}  // namespace runbook::http
