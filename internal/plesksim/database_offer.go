// Which database servers plans and subscriptions offer (operators-accounts-server §3.6).

package plesksim

import (
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// databaseServerBy finds the server that a reference names by its type and either its id or its address.
func (s *state) databaseServerBy(ref hosting.DatabaseServerRef) (*databaseServer, error) {
	for i := range s.DatabaseServers {
		d := &s.DatabaseServers[i]
		if d.Type != ref.Type {
			continue
		}
		if ref.ID != nil && *ref.ID == d.ID || ref.Host != nil && ref.Port != nil && *ref.Host == d.Host && *ref.Port == strconv.Itoa(d.Port) {
			return d, nil
		}
	}
	return nil, noDatabaseServer()
}

// offeredDatabaseServers are those that an offer names, or the default of each type when it names none.
func (s *state) offeredDatabaseServers(ids []int64) []hosting.DatabaseServer {
	var offered []hosting.DatabaseServer
	for _, d := range s.DatabaseServers {
		named := len(ids) == 0 && d.Default
		for _, id := range ids {
			named = named || id == d.ID
		}
		if named {
			offered = append(offered, hosting.DatabaseServer{Type: d.Type, ID: d.ID, Host: d.Host, Port: strconv.Itoa(d.Port)})
		}
	}
	return offered
}

// addDatabaseServers adds servers to an offer's list; the list given is not changed.
func (s *state) addDatabaseServers(list []int64, refs []hosting.DatabaseServerRef) ([]int64, error) {
	list = append([]int64{}, list...)
	for _, ref := range refs {
		d, err := s.databaseServerBy(ref)
		if err != nil {
			return nil, err
		}
		list = append(without(list, d.ID), d.ID)
	}
	return list, nil
}

// removeDatabaseServers takes servers out of an offer's list; one that is not in it does not exist there.
func (s *state) removeDatabaseServers(list []int64, refs []hosting.DatabaseServerRef) ([]int64, error) {
	for _, ref := range refs {
		d, err := s.databaseServerBy(ref)
		if err != nil {
			return nil, err
		}
		shorter := without(list, d.ID)
		if len(shorter) == len(list) {
			return nil, noDatabaseServer()
		}
		list = shorter
	}
	return list, nil
}

// without is a copy of a list that lacks a value.
func without[T comparable](list []T, value T) []T {
	var rest []T
	for _, v := range list {
		if v != value {
			rest = append(rest, v)
		}
	}
	return rest
}
