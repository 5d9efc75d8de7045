// Package plesksim is a simulated Plesk server: it answers POST /enterprise/control/agent.php over TLS with real state
// behind it, as protocol 1.6.9.1 is documented. It is written from the documents, not from what any one client sends.
//
//	srv, err := plesksim.New(plesksim.Options{})
//	err = srv.Start()                    // https://127.0.0.1:PORT with a certificate of its own CA
//	defer srv.Close()
//	srv.URL(), srv.CA()                  // for the client under test
//	srv.Inject(plesksim.Fault{…})        // the next answers go wrong
//	srv.Renumber("customer", map…)       // objects get other ids, as on a restored server
//	customer.Add.One(ctx, srv, …)        // a change behind the client's back: *Server is an xmlapi.Doer, as administrator
//
// # How to add an operator
//
// An operator is one file, named after it: what is kept (plain structs with JSON-able fields), its list of operations, its handlers.
//
//  1. State: embed a struct with a table of your rows in state (state.go). A row has an id from a counter; lookups by anything but the
//     id go through an index of the table, and changes of indexed fields through the table's Change.
//  2. Operations: return them from one function and name that function in allOperations (registry.go).
//     one(name, who, handler) is for operations that answer exactly one result, many(name, who, handler) for the others. The handler's
//     types are those that xmlapi has for the operation; who says which callers may use it (others are answered 1006). An operation
//     whose result is optional in the response grammar (result*) is declared with .optional().
//  3. Handlers are functions func(c *call, req Request) (Result, error), or ([]Result, error). No other operation runs at the same time. Check everything first, then change the state, so that a failed operation changed nothing.
//     A failure is refuse(code, format, values…); the English format is the key of its translations (errortexts_de*.go). The
//     text is made with the answer, in the panel's language. Where one result of many reports an error, c.failure(err) makes it.
//     Results hold copies: no map or slice of the state may escape, since they are written after the lock is released.
//  4. Operations with a filter: describe once how your rows are found (a finder, see filter.go) and answer with each, which gives
//     filter values in request order, results for what is missing, ids and filter-ids, and the shapes for "nothing matched".
//  5. Who may see what: c.sees… in scope.go. What callers may not see does not exist for them.
//  6. Events: c.event(class, type, id) after every change (protocol-core §8.1).
//  7. What hangs below another object is removed with it: write a function removeYoursOf beside your object, and call it in the other
//     object's remove function (removeSite, removeWebspace, removeAccount).
package plesksim
