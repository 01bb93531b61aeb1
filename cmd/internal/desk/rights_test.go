package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var shownRight = regexp.MustCompile(`action="/rights/([^/]+)/agreement"><input type="hidden" name="shown" value="([0-9a-f]+)">`)

// TestRightsTakeTwo: an operator asks at the desk for what takes two, and another one agrees
// there, with what both are told.
func TestRightsTakeTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	leo, eva := h.signedIn("leo", "operator"), h.signedIn("eva", "approver")
	got := leo.post("/people/invite", "login", "leo2", "name", "Another Self", "role0", "approver", "role1", "author")
	leo.is("invited", got, http.StatusOK, "/people/invite", "This waits until another operator or approver has agreed")
	link := regexp.MustCompile(`/invitation/[A-Z2-7]+`).FindString(got.body)
	leo.is("their page", leo.get("/people/leo2"), http.StatusOK, "", "<dt>Waits</dt>")
	eva.is("before they have come", eva.get("/rights"), http.StatusOK, "/rights", "They have not taken their invitation yet")
	eva.is("the overview", eva.get("/"), http.StatusOK, "/", "for a second person")
	second := h.browser()
	second.is("they come, as an author", second.takes(link), http.StatusOK, "/account/second-factor", "Not now")
	second.is("as no approver", second.get("/people"), http.StatusForbidden, "", "Not for your roles")
	page := eva.get("/rights").body
	_, part, _ := strings.Cut(page, `id="leo2"`)
	found := shownRight.FindStringSubmatch(part)
	if found == nil || found[1] != "leo2" {
		t.Fatalf("there is nothing to agree to:\n%s", page)
	}
	if part, _, _ := strings.Cut(leo.get("/rights").body[strings.Index(leo.get("/rights").body, `id="leo2"`):], "</li>\n"); strings.Contains(part, "/rights/leo2/agreement") {
		t.Error("who has asked is offered to agree")
	}
	leo.is("who has asked agrees", leo.post("/rights/leo2/agreement", "shown", found[2]), http.StatusUnprocessableEntity, "", "Another operator or approver has to")
	eva.is("to something else", eva.post("/rights/leo2/agreement", "shown", "0"), http.StatusConflict, "", "Changed meanwhile")
	eva.is("the second person agrees", eva.post("/rights/leo2/agreement", "shown", found[2]), http.StatusOK, "/rights?done=agreed", "You have agreed")
	second.is("they sign in anew", second.get("/"), http.StatusOK, "/sign-in", "Sign in")
	second.is("with what they may do since", second.signIn("leo2", goodPassword, ""), http.StatusOK, "/account/second-factor", "Your roles need a second factor")
	leo.is("the audit", leo.get("/audit?who=eva"), http.StatusOK, "", "asked by: leo")

	leo.post("/people/leo2/grants", "role0", "operator", "role1", "author")
	leo.is("taken back", leo.post("/rights/leo2/refusal"), http.StatusOK, "/rights?done=refused", "waits no longer")
	leo.is("once more", leo.post("/rights/nobody/refusal"), http.StatusNotFound, "", "Nothing here")
	h.clock.Pass(freshFor)
	eva.is("after a quarter of an hour", eva.post("/rights/leo2/agreement", "shown", found[2]), http.StatusOK, "/confirm?then=%2Frights", "Confirm")
}
