// Ids and GUIDs given from outside, to make the server look like one that was set up anew from a backup. No operation of the protocol does this.

package plesksim

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// numbering is a space of ids: which rows have them, and which fields of others refer to those. Fields are named as in the state
// file.
type numbering struct {
	names string // of the kinds of objects, by operator
	rows  string // what holds the objects; their field ID is the id
	also  string // fields that hold ids of them
	last  func(*state) *int64
}

// numberings are those that clients see. A subscription has the id of its main site.
var numberings = []numbering{
	{
		"customer reseller", "Accounts", "Accounts.Owner Webspaces.Owner Plans.Owner CustomButtons.Owner SecretKeys.Account Sessions.Account Themes",
		func(s *state) *int64 { return &s.Sequences.Account },
	},
	{
		"service-plan service-plan-addon reseller-plan", "Plans", "Accounts.Plan Webspaces.Plan Webspaces.Addons",
		func(s *state) *int64 { return &s.Sequences.Plan },
	},
	{
		"webspace site subdomain", "Sites",
		"Webspaces.ID Sites.Webspace Sites.Parent Aliases.Site Zones.Site MailAccounts.Site Databases.Webspace DatabaseUsers.Webspace FTPUsers.Webspace " +
			"ProtectedDirs.Site VirtualDirs.Site Certificates.Site Installations.Site GitRepositories.Site",
		func(s *state) *int64 { return &s.Sequences.Domain },
	},
	{"site-alias", "Aliases", "Zones.Alias", func(s *state) *int64 { return &s.Sequences.Alias }},
	{"dns", "Records", "", func(s *state) *int64 { return &s.LastRecord }},
	{"dns-template", "Template", "", func(s *state) *int64 { return &s.LastTemplateRec }},
	{"mail", "MailAccounts", "", func(s *state) *int64 { return &s.LastMailAccount }},
	{"database", "Databases", "DatabaseUsers.Database", func(s *state) *int64 { return &s.LastDatabase }},
	{"database-user", "DatabaseUsers", "Databases.DefaultUser", func(s *state) *int64 { return &s.LastDatabaseUser }},
	{
		"db_server", "DatabaseServers", "Databases.Server DatabaseUsers.Server Accounts.DatabaseServers Webspaces.DatabaseServers Plans.DatabaseServers",
		func(s *state) *int64 { return &s.LastDatabaseServer },
	},
	{"ftp-user", "FTPUsers", "", func(s *state) *int64 { return &s.LastFTPUser }},
	{"protected-dir", "ProtectedDirs", "ProtectedUsers.Dir", func(s *state) *int64 { return &s.LastProtectedDir }},
	{"protected-dir-user", "ProtectedUsers", "", func(s *state) *int64 { return &s.LastProtectedUser }},
	{"ui", "CustomButtons", "", func(s *state) *int64 { return &s.LastCustomButton }},
}

func numberingOf(kind string) (numbering, error) {
	var names []string
	for _, n := range numberings {
		if slices.Contains(strings.Fields(n.names), kind) {
			return n, nil
		}
		names = append(names, strings.Fields(n.names)...)
	}
	return numbering{}, fmt.Errorf("there are no ids of %q, only of %s", kind, strings.Join(names, ", "))
}

// Renumber gives objects of a kind, which is an operator's name, other ids: ids has the new one for each old one. What refers to them
// follows; the event log does not. Objects can change places:
//
//	srv.Renumber("customer", map[int64]int64{2: 3, 3: 2})
func (s *Server) Renumber(kind string, ids map[int64]int64) error {
	n, err := numberingOf(kind)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := n.check(s.state, ids); err != nil {
		return err
	}
	named := append(strings.Fields(n.also), n.rows+".ID")
	s.state.eachContainer(func(name string, container reflect.Value) {
		if slices.Contains(named, name) {
			renumberKeys(container, ids)
			return
		}
		eachRow(container, func(row reflect.Value) {
			for _, field := range reflect.VisibleFields(row.Type()) {
				if slices.Contains(named, name+"."+field.Name) {
					renumberField(row.FieldByIndex(field.Index), ids)
				}
			}
		})
	})
	slices.SortFunc(s.state.DatabaseServers, func(a, b databaseServer) int { return cmp.Compare(a.ID, b.ID) })
	for _, id := range ids {
		*n.last(s.state) = max(*n.last(s.state), id) // it is not given again
	}
	s.touch()
	return nil
}

// check refuses ids after which two objects would share one.
func (n numbering) check(st *state, ids map[int64]int64) error {
	taken := map[int64]bool{}
	st.eachContainer(func(name string, container reflect.Value) {
		if name == n.rows {
			eachRow(container, func(row reflect.Value) { taken[row.FieldByName("ID").Int()] = true })
		}
	})
	for old := range ids {
		switch {
		case !taken[old]:
			return fmt.Errorf("%s: there is no object %d", n.names, old)
		case n.rows == "Accounts" && old == adminID:
			return errors.New("the administrator's id is fixed")
		}
	}
	for old := range ids {
		delete(taken, old)
	}
	for _, id := range ids {
		if id < 1 || taken[id] {
			return fmt.Errorf("%s: the id %d is taken or no id", n.names, id)
		}
		taken[id] = true
	}
	return nil
}

// SetGUID gives an object of a kind another GUID; "" makes a random one. The kind "server" is the server itself, whatever the id.
func (s *Server) SetGUID(kind string, id int64, guid string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if guid == "" {
		guid = s.state.newGUID()
	}
	if kind == "server" {
		s.state.Machine.GUID = guid
		s.touch()
		return nil
	}
	n, err := numberingOf(kind)
	if err != nil {
		return err
	}
	err = fmt.Errorf("there is no %s %d that has a GUID", kind, id)
	s.state.eachContainer(func(name string, container reflect.Value) {
		if name != n.rows {
			return
		}
		eachRow(container, func(row reflect.Value) {
			if f := row.FieldByName("GUID"); f.IsValid() && row.FieldByName("ID").Int() == id {
				f.SetString(guid)
				err = nil
			}
		})
	})
	if err == nil {
		s.touch()
	}
	return err
}

// eachContainer visits the fields of the state that hold several things. Tables are rebuilt after their rows were visited.
func (s *state) eachContainer(visit func(name string, container reflect.Value)) {
	v := reflect.ValueOf(s).Elem()
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.Anonymous || !field.IsExported() {
			continue
		}
		container := v.FieldByIndex(field.Index)
		switch container.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			visit(field.Name, container)
			if t, isTable := container.Interface().(rebuilder); isTable {
				t.Rebuild()
			}
		}
	}
}

// rebuilder is a table of any rows.
type rebuilder interface {
	EachValue(func(reflect.Value))
	Rebuild()
}

// eachRow visits the structs in a table, slice or map.
func eachRow(container reflect.Value, visit func(row reflect.Value)) {
	if t, isTable := container.Interface().(rebuilder); isTable {
		t.EachValue(visit)
		return
	}
	if container.Kind() == reflect.Pointer || container.Type().Elem().Kind() != reflect.Struct {
		return
	}
	if container.Kind() == reflect.Slice {
		for i := range container.Len() {
			visit(container.Index(i))
		}
		return
	}
	for _, key := range container.MapKeys() {
		row := reflect.New(container.Type().Elem()).Elem()
		row.Set(container.MapIndex(key))
		visit(row)
		container.SetMapIndex(key, row)
	}
}

// renumberKeys replaces the ids that are the keys of a map.
func renumberKeys(m reflect.Value, ids map[int64]int64) {
	moved := reflect.MakeMapWithSize(m.Type(), m.Len())
	for _, key := range m.MapKeys() {
		moved.SetMapIndex(reflect.ValueOf(renumbered(key.Int(), ids)), m.MapIndex(key))
	}
	m.Set(moved)
}

// renumberField replaces an id, or the ids of a list: in a copy, since lists may be shared.
func renumberField(field reflect.Value, ids map[int64]int64) {
	if field.Kind() == reflect.Int64 {
		field.SetInt(renumbered(field.Int(), ids))
		return
	}
	list := slices.Clone(field.Interface().([]int64))
	for i, id := range list {
		list[i] = renumbered(id, ids)
	}
	field.Set(reflect.ValueOf(list))
}

func renumbered(id int64, ids map[int64]int64) int64 {
	if to, moves := ids[id]; moves {
		return to
	}
	return id
}
