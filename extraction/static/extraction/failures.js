// Why a request that changes something failed, as one sentence: the server's own where it gave one. status 0: no answer.
// The login page in place of an answer counts as 401.

import { gettext } from "./sentences.js";

export function failure(status, sentence = "") {
  if (sentence) return sentence;
  switch (status) {
    case 0: return gettext("The server cannot be reached.");
    case 401: return gettext("You are logged out; log in again and repeat it.");
    case 403: return gettext("You may not do this, or you have logged in anew since this page was opened; reload the page.");
    case 404:
    case 410: return gettext("This is no longer there, or you have no access to it any more.");
    case 413: return gettext("The file is too large for the server.");
    default: return gettext("The server could not do this (error %(status)s).", { status });
  }
}
