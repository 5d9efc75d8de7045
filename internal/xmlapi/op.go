// Operations and calls: an operation is declared once per protocol operation, a call is one use of it in a packet.

package xmlapi

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Doer sends one packet that holds the calls, in order. The error is nil or an *Error that concerns the packet
// as a whole; the outcome of each operation is then asked of its call.
type Doer interface {
	Do(ctx context.Context, calls ...Caller) error
}

// Caller is a call of any operation; only Call implements it.
type Caller interface {
	Operator() string
	Operation() string
	// Writes reports whether the operation can change something on the server.
	Writes() bool

	parts() callParts
}

// callParts is a call without its types. All code that does not need them works on it: generic code is compiled once per
// operation in every package that uses the operation.
type callParts struct {
	*callState
	request any
	results any // a pointer to the slice
}

// operation is an Operation without its types.
type operation struct {
	operator, name string
	writes         bool
}

// Operator returns the operator's element name.
func (o *operation) Operator() string { return o.operator }

// Name returns the operation's element name, or its path of two.
func (o *operation) Name() string { return o.name }

// Writes reports whether the operation can change something on the server.
func (o *operation) Writes() bool { return o.writes }

// Operation is one operation of the protocol with the types of its request and of one result. The name is the
// operation's element; where that element only holds further operations it is a path, e.g. "db-servers/list". It is empty
// for an operator without operations, whose element is the whole operation; such a request has no fields.
type Operation[Req any, Res Outcomer] struct{ *operation }

// Read declares an operation that changes nothing.
func Read[Req any, Res Outcomer](operator, name string) Operation[Req, Res] {
	return Operation[Req, Res]{&operation{operator: operator, name: name}}
}

// Write declares an operation that can change something.
func Write[Req any, Res Outcomer](operator, name string) Operation[Req, Res] {
	return Operation[Req, Res]{&operation{operator: operator, name: name, writes: true}}
}

// Call prepares one use of the operation.
func (o Operation[Req, Res]) Call(req Req) *Call[Req, Res] {
	return &Call[Req, Res]{callState: callState{op: o.operation, err: newFailure(o.operation, Transient, errNotSent)}, Request: req}
}

var errNotSent = errors.New("not sent")

// One sends the operation alone and returns its single result. If nothing matched, the error is of class NotFound.
func (o Operation[Req, Res]) One(ctx context.Context, d Doer, req Req) (Res, error) {
	c := o.Call(req)
	if err := d.Do(ctx, c); err != nil {
		var none Res
		return none, err
	}
	return c.One()
}

// All sends the operation alone and returns its results; see Call.All.
func (o Operation[Req, Res]) All(ctx context.Context, d Doer, req Req) ([]Res, error) {
	return o.results(ctx, d, req, (*Call[Req, Res]).All)
}

// AllIn sends the operation alone and returns its results; see Call.AllIn.
func (o Operation[Req, Res]) AllIn(ctx context.Context, d Doer, req Req) ([]Res, error) {
	return o.results(ctx, d, req, (*Call[Req, Res]).AllIn)
}

func (o Operation[Req, Res]) results(ctx context.Context, d Doer, req Req, of func(*Call[Req, Res]) ([]Res, error)) ([]Res, error) {
	c := o.Call(req)
	if err := d.Do(ctx, c); err != nil {
		return nil, err
	}
	return of(c)
}

// Call is one use of an operation: its request and, after Do, its results.
type Call[Req any, Res Outcomer] struct {
	callState
	Request Req
	Results []Res // as received, those that failed included
}

func (c *Call[Req, Res]) parts() callParts { return callParts{&c.callState, c.Request, &c.Results} }

// One returns the single result. No result, a bare ok and 1013 all mean "none": an Error of class NotFound.
func (c *Call[Req, Res]) One() (Res, error) {
	at, err := c.parts().single()
	if err != nil {
		var none Res
		return none, err
	}
	return c.Results[at], nil
}

// All returns the results that hold an object. Results that say "not found" or are a bare ok are left out;
// any other failed result is the error, and so is "not found" where all was asked for: nothing is no error then (protocol-core §4.3).
func (c *Call[Req, Res]) All() ([]Res, error) {
	q := queryOf(c.Request)
	return c.list(q != nil && q.asksForAll())
}

// AllIn is All for what lies in something that is known to exist. A result that says "not found" contradicts that, and is an error of class Transient:
// that nothing lies there is no error either.
func (c *Call[Req, Res]) AllIn() ([]Res, error) { return c.list(true) }

func (c *Call[Req, Res]) list(complete bool) ([]Res, error) {
	objects, err := c.parts().objects(complete)
	if err != nil {
		return nil, err
	}
	found := make([]Res, len(objects))
	for i, at := range objects {
		found[i] = c.Results[at]
	}
	return found, nil
}

// Err returns the first failure among the results, NotFound included; nil when all are ok.
func (c *Call[Req, Res]) Err() error { return c.parts().firstFailure() }

// Failures lists the failed results of a call that was answered, whatever its operation.
func Failures(c Caller) []*Error {
	p := c.parts()
	if p.err != nil {
		return []*Error{p.err}
	}
	var out []*Error
	for at := range p.count() {
		if err := p.failure(p.result(at)); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// callState is the state of a call besides its request and its results.
type callState struct {
	op  *operation
	err *Error // why there are no results
}

// Operator returns the operator's element name.
func (s *callState) Operator() string { return s.op.operator }

// Operation returns the operation's element name.
func (s *callState) Operation() string { return s.op.name }

// Writes reports whether the operation can change something on the server.
func (s *callState) Writes() bool { return s.op.writes }

func (p callParts) fail(err *Error) { p.err = err }

// newFailure returns a failure of an operation for which the server sent no code. It is not a method: each operation's type
// would get it too.
func newFailure(o *operation, class Class, err error) *Error {
	return &Error{Class: class, Operator: o.operator, Operation: o.name, Err: err}
}

// result returns a pointer to a result.
func (p callParts) result(at int) Outcomer {
	return reflect.ValueOf(p.results).Elem().Index(at).Addr().Interface().(Outcomer)
}

func (p callParts) count() int { return reflect.ValueOf(p.results).Elem().Len() }

// objects lists the results that hold an object. Where they have to be complete, none of them may say "not found".
func (p callParts) objects(complete bool) ([]int, error) {
	if p.err != nil {
		return nil, p.err
	}
	var found []int
	for at := range p.count() {
		r := p.result(at)
		if err := p.failure(r); err != nil {
			switch {
			case err.Class != NotFound:
				return nil, err
			case complete:
				unknown := *err
				unknown.Class = Transient
				return nil, &unknown
			}
			continue
		}
		if e, ok := r.(Emptier); ok && e.Empty() {
			continue
		}
		found = append(found, at)
	}
	return found, nil
}

// single finds the one result that holds an object.
func (p callParts) single() (int, error) {
	found, err := p.objects(false)
	switch {
	case err != nil:
		return 0, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return 0, newFailure(p.op, Transient, fmt.Errorf("the server answered %d results where one was expected", len(found)))
	}
	if err := p.firstFailure(); err != nil {
		return 0, err
	}
	return 0, newFailure(p.op, NotFound, ErrNone)
}

func (p callParts) firstFailure() error {
	if p.err != nil {
		return p.err
	}
	for at := range p.count() {
		if err := p.failure(p.result(at)); err != nil {
			return err
		}
	}
	return nil
}

func (p callParts) failure(r Outcomer) *Error {
	out := r.Outcome()
	if out.Status == StatusOK {
		return nil
	}
	return &Error{Class: Classify(out.Code), Code: out.Code, Text: out.Text, Operator: p.op.operator, Operation: p.op.name}
}
