// The operations that the server knows, and how a typed handler becomes one of them.

package plesksim

import (
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/catalog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// allOperations lists every operator's operations.
func allOperations() map[opName]operation {
	all := map[opName]operation{}
	for _, op := range slices.Concat(
		customerOperations(),
		customerMoveOperations(),
		resellerOperations(),
		resellerPlanOperations(),
		serverOperations(),
		ipOperations(),
		eventLogOperations(),
		dnsOperations(),
		webspaceOperations(),
		servicePlanOperations(),
		servicePlanAddonOperations(),
		mailOperations(),
		siteOperations(),
		subdomainOperations(),
		siteAliasOperations(),
		ftpUserOperations(),
		protectedDirOperations(),
		virtDirOperations(),
		logRotationOperations(),
		databaseOperations(),
		databaseServerOperations(),
		uiOperations(),
		apsOperations(),
		businessLogicUpgradeOperations(),
		certificateOperations(),
		secretKeyOperations(),
		sessionOperations(),
		languageOperations(),
		phpHandlerOperations(),
		extensionOperations(),
	) {
		if _, twice := all[op.name]; twice {
			panic(fmt.Sprintf("%s is declared twice", op.name))
		}
		all[op.name] = op
	}
	return all
}

// nests are the elements that hold operations inside an operator.
func nests(all map[opName]operation) map[opName]bool {
	outer := map[opName]bool{}
	for name := range all {
		if first, _, nested := strings.Cut(name.operation, "/"); nested {
			outer[opName{name.operator, first}] = true
		}
	}
	return outer
}

// opName names an operation, e.g. customer/add. The name of an operation inside another element has both: db-servers/list.
type opName struct{ operator, operation string }

func (n opName) String() string { return n.operator + "/" + n.operation }

// operation is a handler, and what must be known before it is called.
type operation struct {
	name   opName
	writes bool
	who    roles
	empty  emptiness
	bare   bool // the result stands in the operation's element itself
	// statusless marks bare operations that only read and whose grammar has no place for an error.
	statusless bool
	missing    missing // why it can never succeed, if so
	// decode reads the request element and returns what will execute it.
	decode func(d *xml.Decoder, start xml.StartElement) (func(*call) ([]any, error), error)
}

// emptiness says what an operation answers when its handler returned no result.
type emptiness int

const (
	emptyBareOK   emptiness = iota // the grammar demands a result: a bare ok
	emptyOptional                  // the grammar lets it be absent, which is otherwise undocumented: Options.Empty decides, a bare ok by default
	emptyNothing                   // the operation's page shows no result; Options.Empty may still ask for a bare ok
)

// optional marks an operation whose results may be absent in the grammar.
func (o operation) optional() operation { o.empty = emptyOptional; return o }

// withoutStatus marks an operation whose error can only be the packet's.
func (o operation) withoutStatus() operation { o.statusless = true; return o }

// silent marks an operation that is documented to answer no result when nothing matched.
func (o operation) silent() operation { o.empty = emptyNothing; return o }

// one makes an operation that answers exactly one result. Its name is operator/operation; the handler's types are the protocol's.
func one[Req any, Res xmlapi.Outcomer](name string, who roles, handle func(*call, Req) (Res, error)) operation {
	return newOperation(name, who, reflect.TypeFor[Req](), reflect.TypeFor[Res](), func(c *call, req any) ([]any, error) {
		res, err := handle(c, *req.(*Req))
		if err != nil {
			return nil, err
		}
		return []any{&res}, nil
	})
}

// many makes an operation that answers a result per object. An error becomes the only result.
func many[Req any, Res xmlapi.Outcomer](name string, who roles, handle func(*call, Req) ([]Res, error)) operation {
	return newOperation(name, who, reflect.TypeFor[Req](), reflect.TypeFor[Res](), func(c *call, req any) ([]any, error) {
		results, err := handle(c, *req.(*Req))
		out := make([]any, len(results))
		for i := range results {
			out[i] = &results[i]
		}
		return out, err
	})
}

// unpublished are checks that the grammar of real servers makes and the published one does not. They refuse the packet.
var unpublished = map[opName]func(req any) error{
	{"server", "set"}: func(req any) error { return serverSetFacets(*req.(*server.SetRequest)) },
}

// newOperation makes an operation of a handler that takes and returns pointers. It is not generic, so that the compiler does not make a copy
// of it for each pair of types.
func newOperation(name string, who roles, request, result reflect.Type, handle func(*call, any) ([]any, error)) operation {
	declared, ok := catalog.Find(name)
	if !ok || declared.Request != request || declared.Result != result {
		panic(fmt.Sprintf("%s does not take %s and answer %s", name, request, result))
	}
	o := operation{name: opName{declared.Operator, declared.Name}, writes: declared.Writes, who: who, bare: isUnwrapped(result)}
	o.decode = func(d *xml.Decoder, start xml.StartElement) (func(*call) ([]any, error), error) {
		req := reflect.New(request).Interface()
		if err := d.DecodeElement(req, &start); err != nil {
			return nil, err
		}
		if check := unpublished[o.name]; check != nil {
			if err := check(req); err != nil {
				return nil, err
			}
		}
		return func(c *call) ([]any, error) {
			results, err := handle(c, req)
			if err != nil {
				return nil, err
			}
			for _, r := range results {
				if core := coreOf(r); core != nil && core.Status == "" {
					core.Status = xmlapi.StatusOK
				}
			}
			return results, nil
		}, nil
	}
	return o
}

// call is one operation being executed.
type call struct {
	*state
	opts    *Options
	who     caller
	version string // of the protocol that the packet asked for
	writes  bool
	now     time.Time
}

// run executes a decoded operation for a caller and gives it the result that its grammar demands.
func (o operation) run(c *call, execute func(*call) ([]any, error)) ([]any, error) {
	if c.Unconfigured && o.name != initialSetup {
		return nil, notConfigured()
	}
	if c.opts.OldVersionsUnsupported && c.version != c.opts.Protocol {
		return nil, refuse(xmlapi.CodeUnsupportedByVersion, "The operation is not supported by the protocol version %s.", c.version)
	}
	if o.who&c.who.role == 0 {
		return nil, permissionDenied()
	}
	results, err := execute(c)
	if err != nil {
		return nil, err
	}
	if len(results) > 0 || o.empty != emptyBareOK && c.opts.Empty == EmptyNoResult || o.empty == emptyNothing && c.opts.Empty == EmptyDocumented {
		return results, nil
	}
	return []any{&xmlapi.Result{Status: xmlapi.StatusOK}}, nil
}

func isUnwrapped(t reflect.Type) bool {
	return t == reflect.TypeFor[xmlapi.Unwrapped]() || t.NumField() > 0 && t.Field(0).Type == reflect.TypeFor[xmlapi.Unwrapped]()
}

// coreOf returns the core of a result that is, or begins with, an embedded xmlapi.Result or xmlapi.FilterResult. Unwrapped
// results have none.
func coreOf(result any) *xmlapi.Result {
	switch r := result.(type) {
	case *xmlapi.Unwrapped:
		return nil
	case *xmlapi.Result:
		return r
	case *xmlapi.FilterResult:
		return &r.Result
	}
	return coreOf(reflect.ValueOf(result).Elem().Field(0).Addr().Interface())
}

// filterCoreOf is coreOf for results that carry a filter-id.
func filterCoreOf(result any) *xmlapi.FilterResult {
	if r, ok := result.(*xmlapi.FilterResult); ok {
		return r
	}
	return filterCoreOf(reflect.ValueOf(result).Elem().Field(0).Addr().Interface())
}
