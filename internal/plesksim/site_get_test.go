// What is answered together with what was asked for.

package plesksim

import (
	"strings"
	"testing"
)

// Who asks for the hosting is told what it is the hosting of.
func TestGenInfoComesWithHosting(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addWebspace(t, s, "admin", "main.test")
	for _, test := range []struct {
		operator, ask string
		told          bool
	}{
		{"site", `<hosting/>`, true}, {"site", `<stat/>`, false}, {"site", `<prefs/>`, false}, {"webspace", `<hosting/>`, true}, {"webspace", `<subscriptions/>`, true},
		{"webspace", `<limits/>`, false},
	} {
		answer := c.post(`<packet><` + test.operator + `><get><filter><name>main.test</name></filter><dataset>` + test.ask + `</dataset></get></` + test.operator + `></packet>`)
		if told := strings.Contains(answer, "<data><gen_info><cr_date>"); told != test.told || !strings.Contains(answer, "<status>ok</status>") {
			t.Errorf("%s %s: %s", test.operator, test.ask, answer)
		}
	}
}
