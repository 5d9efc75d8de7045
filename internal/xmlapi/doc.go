// Package xmlapi is a client of Plesk's XML API, protocol 1.6.9.1: one packet of typed operations is sent to
// https://HOST:8443/enterprise/control/agent.php, and every result of the answer is decoded and checked.
//
// The operators live in packages of their own (webspace, customer, dns …). Each declares its operations as values:
//
//	added, err := customer.Add.One(ctx, client, customer.AddRequest{GenInfo: customer.NewGenInfo{ … }})
//
// Several operations travel in one packet as calls:
//
//	protos, info := server.GetProtos.Call(server.GetProtosRequest{}), server.Get.Call(server.GetRequest{GenInfo: &xmlapi.Empty{}})
//	if err := client.Do(ctx, protos, info); err != nil { … } // the packet as a whole failed
//	p, err := protos.One()                                   // this operation's own outcome
//
// Errors are *Error, classified by code in one table (error.go). The same types serve the simulated server.
package xmlapi
