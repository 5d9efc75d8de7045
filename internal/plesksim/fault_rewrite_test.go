// Faults that change results.

package plesksim

import (
	"net/http"
	"strings"
	"testing"
)

// An add that answers without a handle, or with another object's, did what it was asked for.
func TestFaultChangesAResult(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	remove := s.Inject(Fault{Operator: "customer", Operation: "add", Without: []string{"id"}})
	c.ask(addAlder+getIDs, `<customer><add><result><status>ok</status><guid>§</guid></result></add></customer>`+lastID(2))
	remove()
	c.ask(countAlder, oneAlder)

	remove = s.Inject(Fault{Operator: "customer", Operation: "add", Without: []string{"guid"}, With: map[string]string{"id": "2", "data": "not there"}})
	birch := strings.ReplaceAll(addAlder, "alder", "birch")
	c.ask(birch, `<customer><add><result><status>ok</status><id>2</id></result></add></customer>`)
	remove()
	c.ask(strings.ReplaceAll(countAlder, "alder", "birch"), strings.NewReplacer("alder", "birch", "<id>2<", "<id>3<").Replace(oneAlder))

	addWebspace(t, s, "alder", "alder.example")
	s.Inject(Fault{Operator: "mail", With: map[string]string{"mailname/id": "<9>"}})
	c.ask(`<mail><create><filter><site-id>1</site-id><mailname><name>info</name></mailname></filter></create></mail>`,
		`<mail><create><result><status>ok</status><mailname><id>&lt;9&gt;</id><name>info</name></mailname></result></create></mail>`)
}

func TestFaultRepeatsResults(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.ask(addAlder, added)
	remove := s.Inject(Fault{Operator: "customer", Operation: "get", Repeat: 3})
	result := strings.TrimSuffix(strings.TrimPrefix(oneAlder, `<customer><get>`), `</get></customer>`)
	c.ask(countAlder, `<customer><get>`+strings.Repeat(result, 3)+`</get></customer>`)
	remove()
	s.Inject(Fault{Operator: "db_server", Operation: "get-local", Repeat: 2, Without: []string{"id", "type"}})
	c.ask(`<db_server><get-local><filter/></get-local></db_server>`, `<db_server><get-local>`+okOnly+okOnly+`</get-local></db_server>`)
}

// Whatever is in the text of an error and however long it is, it is XML, and arrives.
func TestFaultTexts(t *testing.T) {
	s := newServer(t)
	c, admin := start(t, s), startAdmin(t, s)
	for _, text := range []string{
		"<b>]]>&amp;\"'</b>", "a\tb\nc\rd", "\u0085\u0090\u009f\u2028\ufffd", "Straße \U0001F600", strings.Repeat("0123456789abcde\n", 1<<16),
	} {
		for _, f := range []Fault{{Operator: "customer", Operation: "add", Code: 4711, Text: text}, {System: true, Code: 1006, Text: text}} {
			remove := s.Inject(f)
			answer := c.post("<packet>" + addAlder + "</packet>")
			operators := tree(t, []byte(answer))
			if got := textOf(operators[0], "errtext"); got != text {
				t.Errorf("%.60q instead of %.60q", got, text)
			}
			remove()
		}
	}
	admin.ask(http.StatusCreated, "POST", "/faults", `{"code":1023,"text":"`+strings.Repeat("x", 2<<20)+`"}`)
}

// textOf is what the first element of a name below another says.
func textOf(e *element, name string) string {
	if e.name == name {
		return e.words
	}
	for _, child := range e.children {
		if words := textOf(child, name); words != "" {
			return words
		}
	}
	return ""
}
