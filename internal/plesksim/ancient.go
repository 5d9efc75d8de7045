// Packets of the oldest protocols: some refusals of the whole packet stand in the results of its operations.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/document"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// firstWithSystem is the first protocol whose refusals stand in a system element, whatever their code.
const firstWithSystem = "1.4.0.0"

// refusedAnswer is the answer to a packet that was refused. Protocols before 1.4 report failed authentication and a server
// that is not ready in the result of each operation (protocol-core §9).
func refusedAnswer(version string, r *refusal, l Locale, request []byte, pretty bool) []byte {
	early := slices.Contains([]int{xmlapi.CodeAuthentication, xmlapi.CodeAgentInitialisation, xmlapi.CodeNotConfigured}, r.code)
	if early && slices.Index(protocols, version) < slices.Index(protocols, firstWithSystem) {
		if answer, ok := answerEach(version, failure(r, l), request); ok {
			return document.Render(answer, pretty)
		}
	}
	return systemAnswer(version, r, l, pretty)
}

// answerEach gives each operation of a document the same failure, if the document can be read that far.
func answerEach(version string, failed xmlapi.Result, document []byte) ([]byte, bool) {
	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	d := xml.NewDecoder(bytes.NewReader(document))
	fmt.Fprintf(&out, `<packet version="%s">`, version)
	if root, err := nextStart(d); err != nil || root == nil {
		return nil, false
	}
	for {
		operator, err := nextStart(d)
		if err != nil {
			return nil, false
		}
		if operator == nil {
			out.WriteString("</packet>")
			return out.Bytes(), true
		}
		fmt.Fprintf(&out, "<%s>", operator.Name.Local)
		for {
			start, err := nextStart(d)
			if err != nil {
				return nil, false
			}
			if start == nil {
				break
			}
			if err := d.Skip(); err != nil {
				return nil, false
			}
			writeStep(&out, e, operation{name: opName{operator.Name.Local, start.Name.Local}}, []any{&failed}, Fault{})
		}
		fmt.Fprintf(&out, "</%s>", operator.Name.Local)
	}
}
