console.log(process.env.GREETING, process.env.ABSENT, process.env.HOME, process.cwd(), process.execArgv);
