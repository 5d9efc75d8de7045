// One packet: from its document to its answer. The checks come in the documented order (protocol-core §2.3).

package plesksim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/document"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// packet is a request that was understood: its operations in order.
type packet struct {
	version string
	blocks  []block
	work    func(writes bool, execute func() []any) []any // does an operation in its time; nil does it at once
}

// block is one operator element.
type block struct {
	operator string
	steps    []step
}

// step is one operation, ready to be executed.
type step struct {
	operation
	execute func(*call) ([]any, error)
}

// versionOf returns the protocol that a document asks for. A document without a packet element counts as asking for the newest one; it is
// refused later, when it is validated.
func (o *Options) versionOf(document []byte) (string, *refusal) {
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		t, err := d.RawToken()
		if err != nil {
			return o.Protocol, nil //nolint:nilerr // what is wrong is told by the validation, after the authentication
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if a.Name.Local == "version" && a.Name.Space == "" {
				if v, ok := o.resolveVersion(a.Value); ok {
					return v, nil
				}
				return o.Protocol, refuse(xmlapi.CodeUnknownVersion, "Unsupported version of the protocol: %s.", a.Value)
			}
		}
		return o.Protocol, nil
	}
}

// understand turns a document into a packet that can be executed for a caller. Nothing is executed.
func (s *Server) understand(who caller, version string, request []byte) (*packet, *refusal) {
	p, refused := s.decode(version, request)
	if refused == nil {
		refused = s.refuses(who, p)
	}
	return p, refused
}

// decode validates a document against the request grammar and reads its operations.
func (s *Server) decode(version string, request []byte) (*packet, *refusal) {
	err := validate(request)
	if err == nil {
		err = tooNew(version, request)
	}
	if err != nil {
		return nil, invalidRequest(err)
	}
	p := &packet{version: version}
	d := document.NewDecoder(request, s.opts.KeepBlanks)
	if _, err := nextStart(d); err != nil { // packet
		return nil, invalidRequest(err)
	}
	for {
		operator, err := nextStart(d)
		if err != nil {
			return nil, invalidRequest(err)
		}
		if operator == nil {
			return p, nil
		}
		if operator.Name.Local == "request-settings" { // hints for other products
			if err := d.Skip(); err != nil {
				return nil, invalidRequest(err)
			}
			continue
		}
		if b, whole, err := s.decodeWhole(d, *operator); whole {
			if err != nil {
				return nil, invalidRequest(err)
			}
			p.blocks = append(p.blocks, b)
			continue
		}
		b := block{operator: operator.Name.Local}
		for {
			start, err := nextStart(d)
			if err != nil {
				return nil, invalidRequest(err)
			}
			if start == nil {
				break
			}
			st, err := s.decodeStep(d, b.operator, *start)
			if err != nil {
				return nil, invalidRequest(err)
			}
			b.steps = append(b.steps, st)
		}
		p.blocks = append(p.blocks, b)
	}
}

// validate checks a document against the request grammar.
func validate(request []byte) error {
	err := schema.Request().Validate(request)
	if err == nil {
		return nil
	}
	if filled, changed := document.WithDefaults(request); changed {
		return schema.Request().Validate(filled)
	}
	return err
}

func (s *Server) decodeStep(d *xml.Decoder, operator string, start xml.StartElement) (step, error) {
	name := opName{operator, start.Name.Local}
	if s.nests[name] {
		return s.decodeNested(d, name)
	}
	op := s.operations[name] // there is one for every operation that is valid
	execute, err := op.decode(d, start)
	return step{operation: op, execute: execute}, err
}

// decodeNested reads the one operation that stands inside the current element.
func (s *Server) decodeNested(d *xml.Decoder, outer opName) (step, error) {
	start, err := nextStart(d)
	if err != nil {
		return step{}, err
	}
	if start == nil {
		return step{}, fmt.Errorf("%s holds no operation", outer)
	}
	inner := *start
	inner.Name.Local = outer.operation + "/" + start.Name.Local
	st, err := s.decodeStep(d, outer.operator, inner)
	if err != nil {
		return step{}, err
	}
	return st, d.Skip()
}

func invalidRequest(err error) *refusal {
	if _, ok := errors.AsType[*schema.Error](err); ok {
		return refuse(xmlapi.CodeParse, "Parser error: Request is invalid. %s", err.Error())
	}
	return refuse(xmlapi.CodeParse, "Parser error: Cannot parse the XML from the source specified (%s)", err.Error())
}

// answer executes a document for a caller who was let in.
func (s *Server) answer(who caller, document []byte, pretty bool) []byte {
	version, refused := s.opts.versionOf(document)
	var p *packet
	if refused == nil {
		p, refused = s.understand(who, version, document)
	}
	if refused != nil {
		return s.checked(document, systemAnswer(version, refused, s.opts.Locale, pretty))
	}
	return s.checked(document, s.execute(who, p, nil, pretty))
}

// execute runs the operations in order, each alone under the lock, and writes their answers. struck holds the faults that answer
// operations or change their answers, by their position in the packet.
func (s *Server) execute(who caller, p *packet, struck map[int]Fault, pretty bool) []byte {
	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	fmt.Fprintf(&out, `<packet version="%s">`, p.version)
	position := 0
	for _, b := range p.blocks {
		fmt.Fprintf(&out, "<%s>", b.operator)
		for _, st := range b.steps {
			var results []any
			hit, isHit := struck[position]
			if !isHit || hit.Executed {
				results = p.atWork(st.operation, func() []any { return s.executeStep(who, p.version, st) })
			}
			if isHit && !hit.rewrites() {
				results = []any{new(failure(hit.refusal(), s.opts.Locale))}
			}
			writeStep(&out, e, st.operation, results, hit)
			position++
		}
		fmt.Fprintf(&out, "</%s>", b.operator)
	}
	out.WriteString("</packet>")
	return document.Render(asOf(p.version, out.Bytes()), pretty)
}

func (p *packet) atWork(op operation, execute func() []any) []any {
	if p.work == nil {
		return execute()
	}
	return p.work(op.writes, execute)
}

func (s *Server) executeStep(who caller, version string, st step) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st.writes {
		defer s.touch()
	}
	c := &call{state: s.state, opts: &s.opts, who: who, version: version, writes: st.writes, now: s.opts.Clock()}
	results, err := st.run(c, st.execute)
	if err != nil {
		return []any{new(c.failure(err))}
	}
	return results
}

// writeStep writes the element of an operation with its results, as a fault changes them.
func writeStep(out *bytes.Buffer, e *xml.Encoder, op operation, results []any, hit Fault) {
	if op.name.operation == "" { // the operator's element is there already
		for _, r := range results {
			encode(e, r)
		}
		return
	}
	outer, inner, nested := strings.Cut(op.name.operation, "/")
	fmt.Fprintf(out, "<%s>", outer)
	if nested {
		fmt.Fprintf(out, "<%s>", inner)
	}
	for _, r := range results {
		if op.bare {
			encodeFields(out, e, r)
			continue
		}
		begin := out.Len()
		encode(e, r)
		if hit.rewrites() {
			hit.rewrite(out, begin)
		}
	}
	if nested {
		fmt.Fprintf(out, "</%s>", inner)
	}
	fmt.Fprintf(out, "</%s>", outer)
}

func encode(e *xml.Encoder, result any) {
	if err := e.EncodeElement(result, xml.StartElement{Name: xml.Name{Local: "result"}}); err != nil {
		panic(fmt.Sprintf("%T cannot be written: %v", result, err)) // a result type that encoding/xml refuses
	}
}

// encodeFields writes a result without its element.
func encodeFields(out *bytes.Buffer, e *xml.Encoder, result any) {
	begin := out.Len()
	encode(e, result)
	fields := bytes.TrimSuffix(bytes.TrimPrefix(bytes.Clone(out.Bytes()[begin:]), []byte("<result>")), []byte("</result>"))
	out.Truncate(begin)
	out.Write(fields)
}

// systemAnswer is the answer to a packet that was refused as a whole.
func systemAnswer(version string, r *refusal, l Locale, pretty bool) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<packet version="%s"><system><status>error</status><errcode>%d</errcode><errtext>`, version, r.code)
	_ = xml.EscapeText(&out, []byte(r.in(l))) // a buffer takes everything
	out.WriteString("</errtext></system></packet>")
	return document.Render(out.Bytes(), pretty)
}

// checked returns an answer as it is. One that the response grammar does not allow is reported to Options.OnInvalidAnswer.
func (s *Server) checked(request, answer []byte) []byte {
	if s.opts.OnInvalidAnswer != nil {
		if err := schema.Response().Validate(answer); err != nil {
			s.opts.OnInvalidAnswer(err, request, answer)
		}
	}
	return answer
}

// nextStart returns the next child element, or nil at the end of the current one.
func nextStart(d *xml.Decoder) (*xml.StartElement, error) {
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		}
	}
}
