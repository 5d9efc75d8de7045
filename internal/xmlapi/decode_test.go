// Reading answers: every shape in which servers answer, and everything that is no answer.

package xmlapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func decode(doc string, calls ...xmlapi.Caller) error {
	return xmlapi.Decode(strings.NewReader(doc), calls...)
}

func getCustomers() *xmlapi.Call[customer.GetRequest, customer.GetResult] {
	return customer.Get.Call(customer.GetRequest{Filter: customer.ByLogin("alder", "nobody7").Query()})
}

func TestSomeOfTheAnswersFail(t *testing.T) {
	customers, addresses := getCustomers(), ip.Get.Call(xmlapi.EmptyRequest{})
	err := decode(`<?xml version="1.0" encoding="UTF-8"?>
<packet version="1.6.9.1">
  <customer>
    <get>
      <result>
        <status>ok</status>
        <filter-id>alder</filter-id>
        <id>14</id>
        <data><gen_info><cname>Alder &amp; Söhne</cname><pname>Ada</pname><login>alder</login><status>16</status><phone/></gen_info></data>
      </result>
      <result>
        <status>error</status>
        <errcode>1013</errcode>
        <errtext>Client does not exist</errtext>
        <filter-id>nobody7</filter-id>
      </result>
    </get>
  </customer>
  <ip><get><result><status>error</status><errcode>1006</errcode><errtext>Zugriff verweigert</errtext></result></get></ip>
  <output>perl: warning</output>
</packet>
`, customers, addresses)
	if err != nil {
		t.Fatal(err)
	}
	found, err := customers.All()
	if err != nil || len(found) != 1 || found[0].ID != 14 || found[0].FilterID != "alder" ||
		found[0].Data.GenInfo.CompanyName != "Alder & Söhne" || found[0].Data.GenInfo.Status != 16 {
		t.Errorf("have %+v, %v", found, err)
	}
	if len(customers.Results) != 2 || customers.Results[1].FilterID != "nobody7" {
		t.Errorf("have %+v", customers.Results)
	}
	if !xmlapi.IsNotFound(customers.Err()) {
		t.Errorf("have %v", customers.Err())
	}
	_, err = addresses.One()
	want := &xmlapi.Error{Class: xmlapi.Forbidden, Code: 1006, Text: "Zugriff verweigert", Operator: "ip", Operation: "get"}
	if e, ok := errors.AsType[*xmlapi.Error](err); !ok || *e != *want {
		t.Errorf("have %#v", err)
	}
}

func TestThreeWaysToSayNone(t *testing.T) {
	for name, result := range map[string]string{
		"no result": "",
		"bare ok":   "<result><status>ok</status></result>",
		"1013":      "<result><status>error</status><errcode>1013</errcode><errtext>Client does not exist</errtext></result>",
		"owner":     "<result><status>error</status><errcode>1015</errcode></result>",
	} {
		t.Run(name, func(t *testing.T) {
			call := getCustomers()
			if err := decode("<packet><customer><get>"+result+"</get></customer></packet>", call); err != nil {
				t.Fatal(err)
			}
			if found, err := call.All(); err != nil || len(found) != 0 {
				t.Errorf("All: %v, %v", found, err)
			}
			if _, err := call.One(); xmlapi.ClassOf(err) != xmlapi.NotFound {
				t.Errorf("One: %v", err)
			}
		})
	}
}

// TestNothingIsNoError: where all was asked for, or what lies in something that is there, nothing is no error; that it is not found is an answer to another
// question, and concludes nothing.
func TestNothingIsNoError(t *testing.T) {
	all := customer.Get.Call(customer.GetRequest{Filter: xmlapi.All()})
	theirs := customer.Get.Call(customer.GetRequest{Filter: customer.ByOwnerID(7).Query()})
	for result, code := range map[string]int{
		"": 0, "<result><status>ok</status></result>": 0,
		"<result><status>error</status><errcode>1013</errcode></result>": 1013, "<result><status>error</status><errcode>1015</errcode></result>": 1015,
	} {
		for name, list := range map[string]func() ([]customer.GetResult, error){"all": all.All, "all in something": theirs.AllIn} {
			if err := decode("<packet><customer><get>"+result+"</get></customer><customer><get>"+result+"</get></customer></packet>", all, theirs); err != nil {
				t.Fatal(err)
			}
			found, err := list()
			if code == 0 && (err != nil || len(found) != 0) || code != 0 && (xmlapi.ClassOf(err) != xmlapi.Transient || !xmlapi.RefusedWith(err, code)) {
				t.Errorf("%s, %q: %v, %v", name, result, found, err)
			}
		}
		if found, err := theirs.All(); err != nil || len(found) != 0 {
			t.Errorf("of an owner who may have gone, %q: %v, %v", result, found, err)
		}
	}
}

func TestOneOfSeveralIsAnError(t *testing.T) {
	call := getCustomers()
	result := "<result><status>ok</status><id>1</id></result>"
	if err := decode("<packet><customer><get>"+result+result+"</get></customer></packet>", call); err != nil {
		t.Fatal(err)
	}
	if _, err := call.One(); xmlapi.ClassOf(err) != xmlapi.Transient {
		t.Errorf("have %v", err)
	}
	if all, err := call.All(); len(all) != 2 || err != nil {
		t.Errorf("have %v, %v", all, err)
	}
}

func TestOneOtherFailureIsTheErrorOfAll(t *testing.T) {
	call := getCustomers()
	if err := decode(`<packet><customer><get><result><status>ok</status><id>1</id></result>
		<result><status>error</status><errcode>1023</errcode><errtext>disk</errtext></result></get></customer></packet>`, call); err != nil {
		t.Fatal(err)
	}
	_, err := call.All()
	if err == nil || err.Error() != "customer/get: Plesk error 1023: disk" || xmlapi.ClassOf(err) != xmlapi.Transient {
		t.Errorf("have %v", err)
	}
	if call.Err() == nil {
		t.Error("Err is nil")
	}
}

func TestWritesWithoutAnObjectSucceed(t *testing.T) {
	call := customer.Del.Call(xmlapi.FilterRequest{Filter: customer.ByID(4)})
	if err := decode("<packet><customer><del><result><status>ok</status></result></del></customer></packet>", call); err != nil {
		t.Fatal(err)
	}
	if _, err := call.One(); err != nil {
		t.Error(err)
	}
	if err := call.Err(); err != nil {
		t.Error(err)
	}
}

func TestPacketRefused(t *testing.T) {
	for code, class := range map[string]xmlapi.Class{
		"1001": xmlapi.Denied, "1014": xmlapi.Invalid, "1004": xmlapi.Busy, "11003": xmlapi.Denied, "4711": xmlapi.Transient,
	} {
		call := getCustomers()
		err := decode(`<packet version="1.6.9.1"><system><status>error</status><errcode>`+code+`</errcode><errtext>Nein</errtext></system><output>x</output></packet>`, call)
		e, ok := errors.AsType[*xmlapi.Error](err)
		if !ok || !e.System || e.Class != class || e.Text != "Nein" || e.Error() != "packet: Plesk error "+code+": Nein" {
			t.Errorf("%s: have %#v", code, err)
		}
		if _, err := call.All(); err == nil {
			t.Error("the call succeeded")
		}
	}
}

func TestOtherShapesOfAnswers(t *testing.T) {
	t.Run("results directly in the operator", func(t *testing.T) {
		last, addresses := eventlog.GetLastID.Call(xmlapi.EmptyRequest{}), ip.Get.Call(xmlapi.EmptyRequest{})
		err := decode(`<packet><event_log><result><status>ok</status><id>1055</id></result></event_log>
			<ip><get><result><status>ok</status></result></get></ip></packet>`, last, addresses)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := last.One(); err != nil || r.ID != 1055 {
			t.Errorf("have %+v, %v", r, err)
		}
	})
	t.Run("several results directly in the operator", func(t *testing.T) {
		call := getCustomers()
		result := "<result><status>ok</status><id>7</id></result>"
		for range 2 { // an answer replaces the one before
			if err := decode("<packet><customer>"+result+result+"</customer></packet>", call); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := call.All(); err != nil || len(all) != 2 {
			t.Errorf("have %v, %v", all, err)
		}
	})
	t.Run("operations that share an operator element", func(t *testing.T) {
		protos, info := server.GetProtos.Call(xmlapi.EmptyRequest{}), server.Get.Call(server.GetRequest{})
		err := decode(`<packet><server><get_protos><result><status>ok</status><protos><proto>1.6.9.1</proto></protos></result></get_protos>
			<get><result><status>ok</status><gen_info><server_name>web-01</server_name></gen_info></result></get></server></packet>`, protos, info)
		if err != nil {
			t.Fatal(err)
		}
		p, err1 := protos.One()
		i, err2 := info.One()
		if err1 != nil || err2 != nil || p.Protos.Versions[0] != "1.6.9.1" || i.GenInfo.Name != "web-01" {
			t.Errorf("have %+v %v, %+v %v", p, err1, i, err2)
		}
	})
	t.Run("an operation within an operation", func(t *testing.T) {
		call := webspace.DBServersList.Call(xmlapi.QueryRequest{})
		err := decode(`<packet><webspace><db-servers><list><result><status>ok</status><id>4</id><db-server><type>mysql</type><id>1</id>
			<host>localhost</host><port>3306</port></db-server></result></list></db-servers></webspace></packet>`, call)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := call.One(); err != nil || len(r.Servers) != 1 || r.Servers[0].Port != "3306" {
			t.Errorf("have %+v, %v", r, err)
		}
	})
	t.Run("a list without a result", func(t *testing.T) {
		call := server.DomainRestrictionList.Call(xmlapi.EmptyRequest{})
		err := decode(`<packet><server><domain-restriction-list><enable>1</enable><name>*.gov</name><name>bank.example</name></domain-restriction-list></server></packet>`, call)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := call.One(); err != nil || *r.Enabled != 1 || strings.Join(r.Names, " ") != "*.gov bank.example" {
			t.Errorf("have %+v, %v", r, err)
		}
	})
	t.Run("a failure where no result is expected", func(t *testing.T) {
		call := server.DomainRestrictionList.Call(xmlapi.EmptyRequest{})
		err := decode(`<packet><server><domain-restriction-list><result><status>error</status><errcode>1006</errcode><errtext>no</errtext></result></domain-restriction-list></server></packet>`, call)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.One(); xmlapi.ClassOf(err) != xmlapi.Forbidden {
			t.Errorf("have %v", err)
		}
	})
	t.Run("a status without a result", func(t *testing.T) {
		call := server.LicenceUpdate.Call(server.LicenceUpdateRequest{})
		err := decode(`<packet><server><lic_update><status>error</status><errcode>1013</errcode><errtext>no key</errtext></lic_update></server></packet>`, call)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.One(); xmlapi.ClassOf(err) != xmlapi.NotFound {
			t.Errorf("have %v", err)
		}
	})
	t.Run("a byte order mark, comments and blanks around", func(t *testing.T) {
		call := ip.Get.Call(xmlapi.EmptyRequest{})
		if err := decode("\ufeff<!-- a --><packet><!-- b --><ip> <get><result><status>ok</status></result></get></ip></packet>\n<!-- c -->\n", call); err != nil {
			t.Error(err)
		}
	})
}

// TestNoAnswer: nothing that is not the answer to these calls may be taken for one; the error is not an *Error, so that
// the transport decides whether the packet may have been executed.
func TestNoAnswer(t *testing.T) {
	const ok = "<result><status>ok</status></result>"
	for name, doc := range map[string]string{
		"nothing":                     "",
		"blanks":                      " \n",
		"HTML":                        "<html><body><h1>502 Bad Gateway</h1><hr></body></html>",
		"HTML with a document type":   "<!DOCTYPE html><html><head><meta charset=utf-8></head></html>",
		"text":                        "upstream connect error",
		"an entity bomb":              `<!DOCTYPE packet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><packet><customer><get><result><status>&b;</status></result></get></customer></packet>`,
		"an entity of nobody":         "<packet><customer><get><result><status>&ok;</status></result></get></customer></packet>",
		"another root":                "<reply><customer><get>" + ok + "</get></customer></reply>",
		"an empty packet":             "<packet/>",
		"another operator":            "<packet><reseller><get>" + ok + "</get></reseller></packet>",
		"another operation":           "<packet><customer><set>" + ok + "</set></customer></packet>",
		"an operator without answer":  "<packet><customer/></packet>",
		"an answer too many":          "<packet><customer><get>" + ok + "</get><get>" + ok + "</get></customer></packet>",
		"an operator too many":        "<packet><customer><get>" + ok + "</get></customer><ip><get>" + ok + "</get></ip></packet>",
		"cut in a result":             "<packet><customer><get><result><status>ok</sta",
		"cut between results":         "<packet><customer><get>" + ok,
		"cut after the operation":     "<packet><customer><get>" + ok + "</get>",
		"cut before the end":          "<packet><customer><get>" + ok + "</get></customer>",
		"junk after the packet":       "<packet><customer><get>" + ok + "</get></customer></packet><br/>",
		"text after the packet":       "<packet><customer><get>" + ok + "</get></customer></packet>Warning: foo",
		"two packets":                 "<packet><customer><get>" + ok + "</get></customer></packet><packet/>",
		"a status of neither kind":    "<packet><customer><get><result><status>maybe</status></result></get></customer></packet>",
		"no status":                   "<packet><customer><get><result><id>4</id></result></get></customer></packet>",
		"a refusal that is none":      "<packet><system><status>ok</status></system></packet>",
		"a refusal after results":     "<packet><customer><get>" + ok + "</get></customer><system><status>error</status><errcode>1001</errcode></system></packet>",
		"an id that is no number":     "<packet><customer><get><result><status>ok</status><id>x</id></result></get></customer></packet>",
		"an operation beside results": "<packet><customer>" + ok + "<get>" + ok + "</get></customer></packet>",
		"results beside an operation": "<packet><customer><get>" + ok + "</get>" + ok + "</customer></packet>",
		"bottomless nesting":          "<packet><customer><get><result>" + strings.Repeat("<a>", 100_000),
		"deep nesting":                "<packet><customer><get><result>" + strings.Repeat("<a>", 80) + strings.Repeat("</a>", 80) + "<status>ok</status></result></get></customer></packet>",
		"another encoding":            `<?xml version="1.0" encoding="KOI8-R"?><packet><customer><get>` + ok + "</get></customer></packet>",
		"a byte that is no character": "<packet><customer><get><result><status>ok</status><filter-id>\xff</filter-id></result></get></customer></packet>",
		"a control character":         "<packet><customer><get><result><status>ok</status><filter-id>\x01</filter-id></result></get></customer></packet>",
		"tags that do not match":      "<packet><customer><get>" + ok + "</set></customer></packet>",
		"a refusal cut off":           "<packet><system><status>error</status><errcode>1001</errcode>",
	} {
		t.Run(name, func(t *testing.T) {
			call := getCustomers()
			err := decode(doc, call)
			if err == nil {
				t.Fatalf("decoded as %+v", call.Results)
			}
			if e, ok := errors.AsType[*xmlapi.Error](err); ok {
				t.Errorf("classified as %s: %v", e.Class, err)
			}
		})
	}
}

func TestAnswersInAnotherOrderAreNoAnswer(t *testing.T) {
	calls := []xmlapi.Caller{getCustomers(), ip.Get.Call(xmlapi.EmptyRequest{})}
	if err := decode(`<packet><ip><get><result><status>ok</status></result></get></ip><customer><get/></customer></packet>`, calls...); err == nil {
		t.Error("decoded")
	}
}

func TestAnotherOperationWithinAnOperationIsNoAnswer(t *testing.T) {
	for _, doc := range []string{
		"<db-servers/>", "<db-servers><add/></db-servers>", "<db-servers><list/><add/></db-servers>", "<db-servers><list/><x",
	} {
		if err := decode("<packet><webspace>"+doc+"</webspace></packet>", webspace.DBServersList.Call(xmlapi.QueryRequest{})); err == nil {
			t.Errorf("%s: decoded", doc)
		}
	}
}

func TestACallThatWasNotSentHasFailed(t *testing.T) {
	call := getCustomers()
	if _, err := call.All(); xmlapi.ClassOf(err) != xmlapi.Transient {
		t.Errorf("have %v", err)
	}
	if call.Err() == nil {
		t.Error("Err is nil")
	}
}
