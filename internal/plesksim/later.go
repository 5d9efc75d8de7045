// What came into the protocol later: older versions neither take it nor answer it (protocol-core §3). The table is read from the documents, like
// all of the simulator, and not taken from a client: it is to notice what a client has wrong.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// later has for each version the elements that it brought, operations among them, wherever they stand or, after "OPERATOR/", in one operator; and
// the limits and hosting properties. A star stands for the rest of a name.
var later = []struct {
	since           string
	elements, names []string
}{
	{"1.6.4.0", []string{"resource-usage"}, nil},
	{
		"1.6.5.0", []string{"parent-site-id", "parent-site-name", "parent-site-guid", "duplicate", "http_code", "seo-redirect", "web-server-settings"},
		[]string{"seo-redirect", "unpaid_website_status"},
	},
	{"1.6.6.0", []string{"power-user", "get_events", "get-last-id"}, nil},
	{"1.6.8.0", []string{"nginx-proxy-mode", "webmail-certificate", "server/certificates"}, []string{"nginx-proxy-mode", "cgroups_*"}},
}

// lacking is what a version does not have.
type lacking struct{ elements, names []string }

// lacks is what came after a version.
func lacks(version string) (l lacking) {
	for _, brought := range later {
		if slices.Index(protocols, version) < slices.Index(protocols, brought.since) {
			l.elements, l.names = append(l.elements, brought.elements...), append(l.names, brought.names...)
		}
	}
	return l
}

// element tells whether an element of an operator is missing.
func (l lacking) element(operator, name string) bool {
	return slices.Contains(l.elements, name) || slices.Contains(l.elements, operator+"/"+name)
}

// name tells whether a limit or a property is missing.
func (l lacking) name(name string) bool {
	return slices.ContainsFunc(l.names, func(pattern string) bool {
		begin, open := strings.CutSuffix(pattern, "*")
		return pattern == name || open && strings.HasPrefix(name, begin)
	})
}

// has tells whether the protocol of the packet has a limit or a property.
func (c *call) has(name string) bool { return !lacks(c.version).name(name) }

// tooNew refuses a document, valid today, in which an element stands that a version does not have.
func tooNew(version string, request []byte) error {
	missing := lacks(version)
	if len(missing.elements) == 0 {
		return nil
	}
	operator, depth := "", 0
	d := xml.NewDecoder(bytes.NewReader(request))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth == 2 {
				operator = t.Name.Local
			}
			if missing.element(operator, t.Name.Local) {
				line, _ := d.InputPos()
				return &schema.Error{Line: line, Message: fmt.Sprintf("Element '%s': This element is not expected.", t.Name.Local)}
			}
		case xml.EndElement:
			depth--
		}
	}
}

// asOf is an answer, compact as encoding/xml writes it, without what a version does not have: elements, and the entries of lists that begin with
// the name of a limit or a property.
func asOf(version string, answer []byte) []byte {
	missing := lacks(version)
	if len(missing.elements) == 0 {
		return answer
	}
	var out []byte
	operator, depth := "", 0
	for len(answer) > 0 {
		tag, name := nextTag(answer)
		switch {
		case name == "":
		case name[0] == '/':
			depth--
		default:
			if depth++; depth == 2 {
				operator = name
			}
			if missing.element(operator, name) || missing.name(entryName(name, answer[tag:])) {
				end := []byte("</" + name + ">") // none holds another one of its name
				answer = answer[bytes.Index(answer, end)+len(end):]
				depth--
				continue
			}
		}
		out, answer = append(out, answer[:tag]...), answer[tag:]
	}
	return out
}

// nextTag is the length of the tag, or the text, that an answer begins with, and the tag's name; "" for text.
func nextTag(answer []byte) (length int, name string) {
	if answer[0] != '<' {
		if next := bytes.IndexByte(answer, '<'); next >= 0 {
			return next, ""
		}
		return len(answer), ""
	}
	length = bytes.IndexByte(answer, '>') + 1
	name, _, _ = strings.Cut(string(answer[1:length-1]), " ")
	return length, name
}

// entryName is the limit or the property that an element is about, which it says first, "" for other elements.
func entryName(element string, content []byte) string {
	tag := map[string]string{"limit": "<name>", "property": "<name>", "resource": "<name>", "bind": "<ref>"}[element]
	if rest, ok := bytes.CutPrefix(content, []byte(tag)); ok && tag != "" {
		return string(rest[:bytes.IndexByte(rest, '<')])
	}
	return ""
}
